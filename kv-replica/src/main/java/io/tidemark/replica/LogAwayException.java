package io.tidemark.replica;

/// The log did not answer an agent that deals with checkpoints, which tries again later.
final class LogAwayException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LogAwayException(String why) {
    super("the log did not answer: " + why);
  }
}
