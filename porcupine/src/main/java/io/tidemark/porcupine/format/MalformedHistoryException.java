package io.tidemark.porcupine.format;

/// A text is not the history it should be. Nothing of it was used.
public final class MalformedHistoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;

  /// What is wrong in this line; lines count from 1.
  public MalformedHistoryException(int line, String message) {
    super("line " + line + ": " + message);
    this.line = line;
  }

  /// The line, from 1.
  public int line() {
    return line;
  }
}
