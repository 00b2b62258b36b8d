package io.tidemark.replica;

import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Waits by the replica's timers, and so in its time.
final class Pauses {
  private final Timers timers;

  Pauses(Timers timers) {
    this.timers = timers;
  }

  /// Returns after this time, or when `over` was counted down.
  void pause(Duration longest, CountDownLatch over) throws InterruptedException {
    Timers.Timer timer = timers.after(longest, over::countDown);
    try {
      over.await();
    } finally {
      timer.cancel();
    }
  }

  /// Returns after this time.
  void pause(Duration time) throws InterruptedException {
    pause(time, new CountDownLatch(1));
  }
}
