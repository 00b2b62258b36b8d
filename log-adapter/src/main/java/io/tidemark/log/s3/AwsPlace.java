package io.tidemark.log.s3;

import java.util.Optional;

/// Which objects of which bucket an [AwsObjectStore] means.
///
/// @param bucket of general purpose, or a directory bucket (S3 Express One Zone)
/// @param root what every key begins with: empty, or with a slash at its end
/// @param endpoint for people, where the store is not Amazon's own
record AwsPlace(String bucket, String root, Optional<String> endpoint) {
  private static final String DIRECTORY_SUFFIX = "--x-s3";

  /// Whether the bucket is a directory bucket, which lists whole directories alone and in no order.
  boolean isDirectory() {
    return isDirectory(bucket);
  }

  /// Whether a bucket of this name is a directory bucket.
  static boolean isDirectory(String bucket) {
    return bucket.endsWith(DIRECTORY_SUFFIX);
  }

  /// Who answers, for people.
  String host() {
    return endpoint.orElse("Amazon S3");
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + root + endpoint.map(at -> " at " + at).orElse("");
  }
}
