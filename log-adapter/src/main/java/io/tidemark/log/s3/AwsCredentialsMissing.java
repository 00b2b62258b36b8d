package io.tidemark.log.s3;

/// There is nothing to sign requests with.
final class AwsCredentialsMissing extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AwsCredentialsMissing(RuntimeException cause) {
    super(
        "there are no credentials for S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give"
            + " them as settings",
        cause);
  }
}
