package io.tidemark.replica;

import io.tidemark.statemachine.Digests;
import java.time.Duration;

/// Keeps a walk over a view to a share of one processor: it works for a while and rests for the
/// rest. Ends the walk when the replica has ended. One walk at a time uses it.
final class DigestPace implements Digests.Pace {
  /// Shorter rests cost more than they give.
  private static final long WORK_NANOS_MIN = Duration.ofMillis(5).toNanos();

  private final double share;
  private final Uptime uptime;
  private final Pauses pauses;
  private final Lifecycle lifecycle;
  private long workingSinceNanos;

  DigestPace(double share, Uptime uptime, Pauses pauses, Lifecycle lifecycle) {
    this.share = share;
    this.uptime = uptime;
    this.pauses = pauses;
    this.lifecycle = lifecycle;
    this.workingSinceNanos = uptime.nanos();
  }

  @Override
  public void step(long rows) throws InterruptedException {
    if (!lifecycle.isRunning()) {
      throw new InterruptedException("the replica has ended");
    }
    long worked = uptime.nanos() - workingSinceNanos;
    if (share < 1 && worked >= WORK_NANOS_MIN) {
      pauses.pause(Duration.ofNanos((long) (worked * (1 - share) / share)));
      workingSinceNanos = uptime.nanos();
    }
  }
}
