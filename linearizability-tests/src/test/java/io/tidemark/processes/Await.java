package io.tidemark.processes;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what another process does, which nothing here can be told of.
final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(10).toNanos();

  private Await() {}

  /// Returns when so much time has passed: for faults that last.
  static void passed(Duration time) {
    long untilNanos = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = untilNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /// A time between the two.
  static Duration between(Random random, long millisMin, long millisMax) {
    return Duration.ofMillis(random.nextLong(millisMin, millisMax + 1));
  }

  /// Returns as soon as it holds, and fails when it does not within a minute.
  static void until(String what, BooleanSupplier holds) {
    until(what, LIMIT, holds);
  }

  /// The same within so long.
  static void until(String what, Duration limit, BooleanSupplier holds) {
    long beganNanos = System.nanoTime();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - beganNanos > limit.toNanos()) {
        throw new AssertionError("waited " + limit.toSeconds() + " s in vain: " + what);
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }
}
