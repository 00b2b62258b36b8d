package io.tidemark.replica;

import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The replica could not do what it was asked: one subclass per reaction. The futures of a
/// [Replica] fail with these and nothing else.
///
/// They carry no stack trace: they are made on the replica's threads, far from who asked, and their
/// messages say all there is.
public abstract sealed class ReplicaException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /// Whether the request may be sent again.
  public enum Retry {
    /// It had no effect: send it again.
    SAFE,
    /// It may have had an effect: send it again only with the same request id.
    WITH_REQUEST_ID,
    /// Sending it again leads nowhere.
    NEVER
  }

  private final Retry retry;

  private ReplicaException(Retry retry, String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.retry = retry;
  }

  /// Whether the request may be sent again.
  public Retry retry() {
    return retry;
  }

  /// The request breaks a rule. Reaction: correct it.
  public static final class InvalidRequest extends ReplicaException {
    @Serial private static final long serialVersionUID = 1;

    /// Names the rule and what was given.
    public InvalidRequest(String rule) {
      super(Retry.NEVER, rule, null);
    }
  }

  /// The request is over a limit. Reaction: make it smaller.
  public static final class TooLarge extends ReplicaException {
    @Serial private static final long serialVersionUID = 1;

    /// Names the limit and what was given.
    public TooLarge(String what, @Nullable Throwable cause) {
      super(Retry.NEVER, what, cause);
    }

    /// `given` of `what`, in `unit`, where at most `max` are taken.
    static TooLarge of(String what, long given, long max, String unit) {
      return new TooLarge(what + " has " + given + " " + unit + "; the limit is " + max, null);
    }
  }

  /// The log cannot be reached, or cannot store or prove anything now; the request had no effect.
  /// Reaction: send it again, perhaps to another replica.
  public static final class LogUnavailable extends ReplicaException {
    @Serial private static final long serialVersionUID = 1;

    /// Why, in words that name what to look at.
    public LogUnavailable(String why, @Nullable Throwable cause) {
      super(Retry.SAFE, why, cause);
    }
  }

  /// Too much is waiting; the request had no effect. Reaction: send it again a little later.
  public static final class Overloaded extends ReplicaException {
    @Serial private static final long serialVersionUID = 1;

    /// What is full, in words.
    public Overloaded(String what, @Nullable Throwable cause) {
      super(Retry.SAFE, what, cause);
    }
  }

  /// The write was done, or will be, or never. Reaction: look, or send it again with its request
  /// id.
  public static final class OutcomeUnknown extends ReplicaException {
    @Serial private static final long serialVersionUID = 1;

    /// Why nobody knows.
    public OutcomeUnknown(String why, @Nullable Throwable cause) {
      super(Retry.WITH_REQUEST_ID, why, cause);
    }
  }

  /// The read was not answered in time because this replica lags. Reaction: read again, perhaps
  /// from another replica.
  public static final class TimedOut extends ReplicaException {
    @Serial private static final long serialVersionUID = 1;

    /// What was waited for.
    public TimedOut(String what) {
      super(Retry.SAFE, what, null);
    }
  }

  /// The log was sealed or fenced and takes no more writes from here; the request had no effect.
  /// Reaction: go to where the log's successor is.
  public static final class LogEnded extends ReplicaException {
    @Serial private static final long serialVersionUID = 1;

    /// How the log ended.
    public LogEnded(String how, @Nullable Throwable cause) {
      super(Retry.NEVER, how, cause);
    }
  }

  /// The replica was closed; the request had no effect. Reaction: go to another replica.
  public static final class Closed extends ReplicaException {
    @Serial private static final long serialVersionUID = 1;

    /// The replica was closed.
    public Closed() {
      super(Retry.SAFE, "the replica is closed", null);
    }
  }

  /// The replica stopped for good, because going on could give wrong answers; the request had no
  /// effect. Reaction: call an operator.
  public static final class Stopped extends ReplicaException {
    @Serial private static final long serialVersionUID = 1;

    /// Why it stopped.
    public Stopped(String reason) {
      super(Retry.NEVER, "the replica stopped: " + reason, null);
    }
  }

  static String inMillis(Duration duration) {
    return duration.toMillis() + " ms";
  }
}
