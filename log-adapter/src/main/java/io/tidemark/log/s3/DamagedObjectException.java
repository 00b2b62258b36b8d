package io.tidemark.log.s3;

/// An object is not what a writer of this log makes. The message says why, for people.
final class DamagedObjectException extends Exception {
  private static final long serialVersionUID = 1L;

  DamagedObjectException(String why) {
    super(why);
  }
}
