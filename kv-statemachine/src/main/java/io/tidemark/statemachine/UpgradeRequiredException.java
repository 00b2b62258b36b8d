package io.tidemark.statemachine;

/// A newer replica wrote the record: it holds a command, a case, a field or a number that this one
/// does not know. It goes on once its program is upgraded.
public final class UpgradeRequiredException extends RecordException {
  private static final long serialVersionUID = 1;

  UpgradeRequiredException(String what) {
    super(
        "this replica must be upgraded: the log holds "
            + what
            + ", written by a newer version of Tidemark");
  }
}
