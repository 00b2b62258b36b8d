package io.tidemark.server;

import java.io.Serial;

/// A server could not start because of the world: a port in use, a directory that is locked, a log
/// that is damaged. The message is one line for whoever started it, and names what to look at.
public final class StartException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /// Why, in words; the cause is for those who want to know more.
  public StartException(String why, Throwable cause) {
    super(why, cause);
  }
}
