package io.tidemark.replica;

import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Sweeps over everything that waits, every [#GRANULARITY] while anything does, and fails what has
/// waited too long: so late at most. One timer for all requests, and none while none waits.
final class Deadlines {
  /// How late the end of a wait may be noticed.
  static final Duration GRANULARITY = Duration.ofMillis(20);

  /// Something in which requests wait.
  interface Watched {
    /// Whether nothing waits.
    boolean isIdle();

    /// Fails whatever has a deadline at or before this uptime.
    void expire(long nowNanos);
  }

  private final Uptime uptime;
  private final Timers timers;
  private final List<Watched> watched = new CopyOnWriteArrayList<>();
  private final AtomicBoolean armed = new AtomicBoolean();
  private volatile boolean closed;

  Deadlines(Uptime uptime, Timers timers) {
    this.uptime = uptime;
    this.timers = timers;
  }

  /// Sweeps over this too.
  void watch(Watched waiting) {
    watched.add(waiting);
  }

  /// Sees to it that sweeps go on; called after every beginning of a wait.
  void arm() {
    if (!armed.get() && !closed && armed.compareAndSet(false, true)) {
      try {
        timers.after(GRANULARITY, this::sweep);
      } catch (RejectedExecutionException rejected) {
        // Closed a moment ago, which has failed or will fail everything that waits.
        closed = true;
      }
    }
  }

  void close() {
    closed = true;
  }

  private void sweep() {
    if (closed) {
      return;
    }
    long now = uptime.nanos();
    watched.forEach(waiting -> waiting.expire(now));
    // A wait that begins after the question finds the sweep disarmed and arms it itself.
    armed.set(false);
    if (!watched.stream().allMatch(Watched::isIdle)) {
      arm();
    }
  }
}
