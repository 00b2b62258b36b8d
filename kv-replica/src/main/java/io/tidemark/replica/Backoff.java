package io.tidemark.replica;

import java.time.Duration;

/// Pauses between attempts that fail, each twice as long as the one before up to a bound.
final class Backoff {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /// How long to wait after this failure.
  Duration failed() {
    Duration now = next;
    next = now.multipliedBy(2).compareTo(longest) < 0 ? now.multipliedBy(2) : longest;
    return now;
  }

  /// The next failure is a first one.
  void succeeded() {
    next = first;
  }
}
