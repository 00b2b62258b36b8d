package io.tidemark.replica;

import java.time.Duration;
import java.util.OptionalDouble;

/// What a replica's log cost it in some time, and what for. What it spends to follow the log and to
/// keep it is in `dollars` alone.
///
/// @param time how long that was
/// @param dollars everything that was spent
/// @param writes records that this replica put into the log, acknowledged: its own, and those that
///   others handed to it
/// @param writeDollars what was spent on that
/// @param strongReads linearizable reads that were begun
/// @param readDollars what was spent to prove the tail to them, and to who else asked for it
public record Spending(
    Duration time,
    double dollars,
    long writes,
    double writeDollars,
    long strongReads,
    double readDollars) {
  /// What a million writes cost at that rate; nothing where there were none.
  public OptionalDouble dollarsPerMillionWrites() {
    return perMillion(writeDollars, writes);
  }

  /// What a million strong reads cost at that rate; nothing where there were none.
  public OptionalDouble dollarsPerMillionStrongReads() {
    return perMillion(readDollars, strongReads);
  }

  private static OptionalDouble perMillion(double dollars, long count) {
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(dollars / count * 1e6);
  }
}
