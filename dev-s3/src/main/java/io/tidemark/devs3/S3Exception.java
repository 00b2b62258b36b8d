package io.tidemark.devs3;

/// A request that is answered with an error.
final class S3Exception extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final S3Error error;

  S3Exception(S3Error error) {
    this(error, error.message());
  }

  /// With a sentence of its own.
  S3Exception(S3Error error, String message) {
    super(message, null, false, false);
    this.error = error;
  }

  S3Error error() {
    return error;
  }
}
