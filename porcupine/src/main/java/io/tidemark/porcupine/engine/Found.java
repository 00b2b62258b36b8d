package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.Sequence;
import io.tidemark.porcupine.UnknownReason;
import org.jspecify.annotations.Nullable;

/// What an engine found out about one [Problem].
///
/// @param status the verdict
/// @param order if legal, the operation numbers of a linearization in its order
/// @param reason if unknown, why
/// @param steps how often the model was asked
/// @param configurations how many configurations were remembered
/// @param bytes the most memory they took, as counted
public record Found(
    Status status,
    Sequence order,
    @Nullable UnknownReason reason,
    long steps,
    long configurations,
    long bytes) {
  /// The three verdicts.
  public enum Status {
    /// A linearization was found.
    LEGAL,
    /// There is none.
    ILLEGAL,
    /// The limits were reached first.
    UNKNOWN
  }

  /// Legal, with this order.
  static Found legal(Sequence order, long steps, long configurations, long bytes) {
    return new Found(Status.LEGAL, order, null, steps, configurations, bytes);
  }

  /// Illegal.
  static Found illegal(long steps, long configurations, long bytes) {
    return new Found(Status.ILLEGAL, Sequence.EMPTY, null, steps, configurations, bytes);
  }

  /// Not decided.
  static Found unknown(UnknownReason reason, long steps, long configurations, long bytes) {
    return new Found(Status.UNKNOWN, Sequence.EMPTY, reason, steps, configurations, bytes);
  }

  /// Whether it is illegal.
  public boolean isIllegal() {
    return status == Status.ILLEGAL;
  }
}
