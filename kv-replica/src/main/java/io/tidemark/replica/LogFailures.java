package io.tidemark.replica;

import io.tidemark.base.Invariants;
import io.tidemark.log.LogException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/// What the log's failures mean to the replica's callers.
final class LogFailures {
  private LogFailures() {}

  /// The log's failure that a future failed with; nothing if it is none of the log's.
  static Optional<LogException> of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof LogException known ? Optional.of(known) : Optional.empty();
  }

  /// What a caller is told whose request had no effect because of this.
  static ReplicaException told(LogException failure) {
    Invariants.check(
        failure.side() == LogException.Side.NOT_APPENDED, "the request had no effect", failure);
    String why = String.valueOf(failure.getMessage());
    return switch (failure) {
      case LogException.Overloaded _ -> new ReplicaException.Overloaded(why, failure);
      case LogException.TooLarge _ -> new ReplicaException.TooLarge(why, failure);
      case LogException.Sealed _, LogException.Fenced _ ->
          new ReplicaException.LogEnded(why, failure);
      case LogException.Unavailable _,
          LogException.Closed _,
          LogException.Corrupt _,
          LogException.Trimmed _,
          LogException.TailMismatch _,
          LogException.Indeterminate _ ->
          new ReplicaException.LogUnavailable(why, failure);
    };
  }
}
