package io.tidemark.log;

import org.jspecify.annotations.Nullable;

/// The log could not do what it was asked: one subclass per reaction, and each says on which side
/// of the append it is.
public abstract sealed class LogException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Whether the records of the append that failed may be in the log.
  public enum Side {
    /// They are not in the log and never will be: it is safe to try again with the same records.
    NOT_APPENDED,
    /// They are in the log, or will be, or never: only the log can tell.
    MAYBE_APPENDED
  }

  private LogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Whether the records may be in the log. Failures of anything but an append did not append.
  public Side side() {
    return Side.NOT_APPENDED;
  }

  /// The tail is not where the append expected it. Reaction: read up to it and decide anew.
  public static final class TailMismatch extends LogException {
    private static final long serialVersionUID = 1;
    private final long actual;

    /// The tail is at `actual`, durably.
    public TailMismatch(long expected, long actual) {
      super("the tail is at " + actual + ", not at " + expected + " as expected", null);
      this.actual = actual;
    }

    /// Where the tail is.
    public long actual() {
      return actual;
    }
  }

  /// A newer owner has fenced the log. Reaction: stop writing.
  public static final class Fenced extends LogException {
    private static final long serialVersionUID = 1;

    /// The append did not carry the token of the log's fence.
    public Fenced() {
      super("the log was fenced by another owner", null);
    }
  }

  /// The log has ended. Reaction: go to its successor.
  public static final class Sealed extends LogException {
    private static final long serialVersionUID = 1;
    private final long tail;

    /// The log ended at this tail.
    public Sealed(long tail) {
      super("the log is sealed at " + tail, null);
      this.tail = tail;
    }

    /// The final tail.
    public long tail() {
      return tail;
    }
  }

  /// A record or a batch is larger than the log accepts. Reaction: none, the request is wrong.
  public static final class TooLarge extends LogException {
    private static final long serialVersionUID = 1;
    private final String what;
    private final long bytes;
    private final long bytesMax;

    /// `bytes` were given where `bytesMax` are accepted.
    public TooLarge(String what, long bytes, long bytesMax) {
      super(what + " of " + bytes + " bytes exceeds the limit of " + bytesMax, null);
      this.what = what;
      this.bytes = bytes;
      this.bytesMax = bytesMax;
    }

    /// What is too large, in words.
    public String what() {
      return what;
    }

    /// How large it is.
    public long bytes() {
      return bytes;
    }

    /// How large it may be.
    public long bytesMax() {
      return bytesMax;
    }
  }

  /// Too much is waiting to be appended. Reaction: try again a little later.
  public static final class Overloaded extends LogException {
    private static final long serialVersionUID = 1;

    /// What is full, in words.
    public Overloaded(String what) {
      super(what, null);
    }
  }

  /// The log or the reader was closed by its owner. Reaction: none.
  public static final class Closed extends LogException {
    private static final long serialVersionUID = 1;

    /// What was closed, in words.
    public Closed(String what) {
      super(what + " is closed", null);
    }
  }

  /// The log cannot be reached, or cannot store or prove anything now. Reaction: try again when it
  /// is back.
  public static final class Unavailable extends LogException {
    private static final long serialVersionUID = 1;

    /// Why, in words that name what to look at.
    public Unavailable(String why, @Nullable Throwable cause) {
      super(why, cause);
    }
  }

  /// The records that were asked for were trimmed. Reaction: begin from a checkpoint.
  public static final class Trimmed extends LogException {
    private static final long serialVersionUID = 1;
    private final long trimPoint;

    /// Asked for `from`, but the log begins at `trimPoint`.
    public Trimmed(long from, long trimPoint) {
      super("position " + from + " was trimmed; the log begins at " + trimPoint, null);
      this.trimPoint = trimPoint;
    }

    /// The first position that can be read.
    public long trimPoint() {
      return trimPoint;
    }
  }

  /// What is stored is not what was written. Reaction: stop, and call an operator.
  public static final class Corrupt extends LogException {
    private static final long serialVersionUID = 1;

    /// What is wrong, naming the file, the offset in bytes and the position.
    public Corrupt(String what) {
      super(what, null);
    }
  }

  /// The records may or may not be in the log, now or later. Reaction: find out from the log, or
  /// try again with a request id.
  public static final class Indeterminate extends LogException {
    private static final long serialVersionUID = 1;

    /// Why nobody knows.
    public Indeterminate(String why, @Nullable Throwable cause) {
      super(why, cause);
    }

    @Override
    public Side side() {
      return Side.MAYBE_APPENDED;
    }
  }
}
