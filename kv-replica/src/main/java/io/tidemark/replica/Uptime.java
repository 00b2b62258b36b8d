package io.tidemark.replica;

import io.tidemark.base.Clock;

/// Monotonic time since the replica was opened, so that moments can simply be compared.
final class Uptime {
  private final Clock clock;
  private final long origin;

  Uptime(Clock clock) {
    this.clock = clock;
    this.origin = clock.nanoTime();
  }

  /// Nanoseconds since the replica was opened.
  long nanos() {
    return clock.nanoTime() - origin;
  }
}
