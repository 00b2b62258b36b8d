package io.tidemark.statemachine;

/// The record is not one of Tidemark's, or it is damaged.
public final class MalformedRecordException extends RecordException {
  private static final long serialVersionUID = 1;

  MalformedRecordException(String what) {
    super("the record is malformed: " + what);
  }

  MalformedRecordException(String what, Throwable cause) {
    super("the record is malformed: " + what, cause);
  }
}
