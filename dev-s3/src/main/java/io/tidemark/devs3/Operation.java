package io.tidemark.devs3;

/// What a request asks for, as it is billed and counted.
public enum Operation {
  /// Store an object.
  PUT_OBJECT("PutObject"),
  /// Read an object or a range of it.
  GET_OBJECT("GetObject"),
  /// Read what is known of an object.
  HEAD_OBJECT("HeadObject"),
  /// Delete one object.
  DELETE_OBJECT("DeleteObject"),
  /// Delete up to 1,000 objects.
  DELETE_OBJECTS("DeleteObjects"),
  /// Name objects.
  LIST_OBJECTS_V2("ListObjectsV2"),
  /// Make a bucket.
  CREATE_BUCKET("CreateBucket"),
  /// Ask whether there is such a bucket.
  HEAD_BUCKET("HeadBucket"),
  /// Name the buckets.
  LIST_BUCKETS("ListBuckets"),
  /// Ask for a bucket's region.
  GET_BUCKET_LOCATION("GetBucketLocation"),
  /// Get the short-lived credentials of a directory bucket.
  CREATE_SESSION("CreateSession"),
  /// Anything else: refused.
  OTHER("Other");

  private final String title;

  Operation(String title) {
    this.title = title;
  }

  /// Its name in S3.
  public String title() {
    return title;
  }
}
