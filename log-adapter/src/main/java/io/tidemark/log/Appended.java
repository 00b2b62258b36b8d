package io.tidemark.log;

import io.tidemark.base.Invariants;

/// Where an append came to stand, now durable.
///
/// @param first the position of its first record
/// @param next a position after its last record, and not after any other record: the tail, when
///   nothing follows
public record Appended(long first, long next) {
  /// Checks the order.
  public Appended {
    Invariants.check(Log.START <= first && first < next, "an append takes room", first, next);
  }
}
