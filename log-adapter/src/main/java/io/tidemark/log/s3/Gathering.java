package io.tidemark.log.s3;

import io.tidemark.base.Clock;
import java.time.Duration;

/// How long a writer waits, once a crowd of appends was answered, for those who come back at once
/// with the next.
///
/// Callers that wait for their answers come back together. If the first of them were sent alone,
/// all others would wait for two requests instead of one, and half of the requests would carry
/// hardly anything. So a part of what the last request took is spent on waiting for them; a lone
/// append waits for nobody. A writer to whom others hand their appends waits longest: theirs have
/// further to go, and the others wait for their own crowds, though only briefly.
///
/// The parts were measured (`BucketCostTest`): at 35 ms a request, three and eight busy writers
/// then are answered as fast as one.
///
/// Runs in the log's mailbox.
final class Gathering {
  /// What was answered.
  enum Crowd {
    /// A lone append, and nobody waits.
    NONE(0),
    /// Appends of this writer's alone.
    OWN(16),
    /// Appends of this writer's that were handed to another.
    HANDED(32),
    /// Appends that others have handed to this writer.
    SHARED(5);

    private final int part;

    Crowd(int part) {
      this.part = part;
    }
  }

  private static final long NANOS_MAX = 10_000_000;

  private final Clock clock;
  private long untilNanos;

  Gathering(Clock clock) {
    this.clock = clock;
    this.untilNanos = clock.nanoTime();
  }

  long nanoTime() {
    return clock.nanoTime();
  }

  /// Appends are answered now that were sent at `beganNanos`.
  void answered(Crowd crowd, long beganNanos) {
    long now = clock.nanoTime();
    long pause = crowd == Crowd.NONE ? 0 : (now - beganNanos) / crowd.part;
    untilNanos = now + Math.min(pause, NANOS_MAX);
  }

  /// How much longer to wait.
  Duration left() {
    return Duration.ofNanos(Math.max(0, untilNanos - clock.nanoTime()));
  }
}
