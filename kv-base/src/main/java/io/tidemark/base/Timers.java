package io.tidemark.base;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs a task after a delay. Tasks are short and never block: they share one thread.
public interface Timers extends AutoCloseable {
  /// Runs `task` once, `delay` from now or as soon after as the thread is free.
  Timer after(Duration delay, Runnable task);

  /// Drops every task that has not begun.
  @Override
  void close();

  /// A task that was scheduled.
  interface Timer {
    /// Drops the task if it has not begun; does nothing otherwise.
    void cancel();
  }

  /// Timers on one daemon thread of this name, in the machine's time.
  static Timers onThread(String name) {
    var executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    return new Timers() {
      @Override
      public Timer after(Duration delay, Runnable task) {
        var scheduled = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
      }

      @Override
      public void close() {
        executor.shutdownNow();
      }
    };
  }
}
