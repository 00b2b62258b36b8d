package io.tidemark.replica;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Time that passes when a test says so, and timers that go off on the test's thread.
final class ManualTime implements Clock, Timers {
  private record Task(long atNanos, long order, Runnable task) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparingLong(Task::order));
  private long nowNanos = -1_000_000_000;
  private long order;

  @Override
  public synchronized long nanoTime() {
    return nowNanos;
  }

  @Override
  public synchronized long wallMillis() {
    return 1_700_000_000_000L + nowNanos / 1_000_000;
  }

  @Override
  public synchronized Timer after(Duration delay, Runnable task) {
    var scheduled = new Task(nowNanos + delay.toNanos(), order++, task);
    tasks.add(scheduled);
    return () -> {
      synchronized (ManualTime.this) {
        tasks.remove(scheduled);
      }
    };
  }

  /// How many tasks are to come.
  synchronized int scheduled() {
    return tasks.size();
  }

  /// Lets so much time pass, with everything that is due in it, in order.
  void pass(Duration time) {
    long until = nanoTime() + time.toNanos();
    for (Task next = dueBy(until); next != null; next = dueBy(until)) {
      next.task.run();
    }
    synchronized (this) {
      nowNanos = until;
    }
  }

  private synchronized @Nullable Task dueBy(long untilNanos) {
    Task next = tasks.peek();
    if (next == null || next.atNanos > untilNanos) {
      return null;
    }
    nowNanos = Math.max(nowNanos, next.atNanos);
    return tasks.remove();
  }

  @Override
  public synchronized void close() {
    tasks.clear();
  }
}
