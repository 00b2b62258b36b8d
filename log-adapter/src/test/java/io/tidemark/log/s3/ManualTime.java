package io.tidemark.log.s3;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// The time of one process: it passes when a test says so, and what is due runs on the test's
/// thread. One thread uses it.
class ManualTime implements Clock, Timers {
  private record Task(long atNanos, Runnable task) {}

  private final List<Task> tasks = new ArrayList<>();
  private long nowNanos = 1_000;

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public long wallMillis() {
    return 1_700_000_000_000L + nowNanos / 1_000_000;
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    var scheduled = new Task(nowNanos + delay.toNanos(), task);
    tasks.add(scheduled);
    return () -> tasks.remove(scheduled);
  }

  /// Time passes, and what is due in it runs.
  void pass(Duration time) {
    long until = nowNanos + time.toNanos();
    while (true) {
      var due =
          tasks.stream()
              .filter(task -> task.atNanos <= until)
              .min(Comparator.comparingLong(Task::atNanos));
      if (due.isEmpty()) {
        nowNanos = until;
        return;
      }
      tasks.remove(due.get());
      nowNanos = Math.max(nowNanos, due.get().atNanos);
      due.get().task.run();
    }
  }

  /// Time passes and the process does not notice: nothing runs.
  void sleepThrough(Duration time) {
    nowNanos += time.toNanos();
  }

  /// A configuration in this time, with ids that begin with `process`.
  SlotLogConfig config(int process) {
    var random = new Random(process);
    return SlotLogConfig.of(
        new SlotLogConfig.Seams(
            this, this, random, () -> new UUID(process, random.nextLong() >>> 1)));
  }

  @Override
  public void close() {
    tasks.clear();
  }
}
