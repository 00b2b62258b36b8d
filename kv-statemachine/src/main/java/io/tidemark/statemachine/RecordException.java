package io.tidemark.statemachine;

/// A record of the log cannot be applied. Whoever meets it stops: to skip the record would make its
/// view differ from that of a replica that can apply it.
public abstract sealed class RecordException extends RuntimeException
    permits UpgradeRequiredException, MalformedRecordException {
  private static final long serialVersionUID = 1;

  RecordException(String message) {
    super(message);
  }

  RecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
