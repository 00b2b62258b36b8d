package io.tidemark.log.remote;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next attempt: doubling from 10 ms to a maximum, each spread over its
/// upper half so that many clients of one server do not come back at once.
///
/// Belongs to whoever guards it.
final class Backoff {
  private static final long FIRST_NANOS = 10_000_000;

  private final RandomGenerator random;
  private final long maxNanos;
  private long nanos = FIRST_NANOS;

  Backoff(RandomGenerator random, Duration max) {
    this.random = random;
    this.maxNanos = Math.max(1, max.toNanos());
  }

  Duration next() {
    long upper = Math.min(nanos, maxNanos);
    nanos = Math.min(nanos * 2, maxNanos);
    return Duration.ofNanos(upper / 2 + random.nextLong(upper / 2 + 1));
  }

  /// An attempt succeeded: the next failure is the first again.
  void reset() {
    nanos = FIRST_NANOS;
  }
}
