package io.tidemark.client;

import java.util.random.RandomGenerator;

/// How long to wait before a request is sent again: twice as long each time, spread at random over
/// the upper half, so that clients that failed together do not come back together.
final class Pauses {
  private static final int DOUBLINGS_MAX = 30;

  private final RandomGenerator random;
  private final long minNanos;
  private final long maxNanos;

  Pauses(RandomGenerator random, long minNanos, long maxNanos) {
    this.random = random;
    this.minNanos = minNanos;
    this.maxNanos = maxNanos;
  }

  /// The pause in nanoseconds before the `nth` repetition, from 1.
  long nanos(int nth) {
    int doublings = Math.min(nth - 1, DOUBLINGS_MAX);
    long longest = minNanos > maxNanos >> doublings ? maxNanos : minNanos << doublings;
    synchronized (random) {
      return longest / 2 + random.nextLong(longest / 2 + 1);
    }
  }
}
