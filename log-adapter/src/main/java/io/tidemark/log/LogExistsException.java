package io.tidemark.log;

import java.io.Serial;

/// A log was to be created where there is one already. Nothing was changed. Reaction: choose
/// another place.
public final class LogExistsException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /// There is a log at this place, named as a user would.
  public LogExistsException(String place) {
    super("there is a log in " + place + " already; a new log begins where there is none");
  }
}
