package io.tidemark.log.journal;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread `kv-journal-files`: makes the next segment and deletes old ones, so that nobody who
/// appends waits for either.
final class Housekeeper {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
  private static final int TASKS_MAX = 1_024;

  private final ArrayBlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(TASKS_MAX);
  private volatile boolean closing;
  private final Thread thread;

  /// Starts the thread.
  Housekeeper(ThreadFactory threads) {
    thread = Threads.start(threads, "kv-journal-files", this::run);
  }

  /// Runs the task after those before it; false if there are too many or it is closed.
  synchronized boolean offer(Runnable task) {
    return !closing && tasks.offer(task);
  }

  /// Runs what was taken and ends the thread; blocks until it has.
  void close() {
    synchronized (this) {
      closing = true;
    }
    // Wakes the thread; where the queue is full it is awake.
    var _ = tasks.offer(() -> {});
    Threads.join(thread);
  }

  private void run() {
    while (!closing || !tasks.isEmpty()) {
      try {
        Threads.uninterruptibly(() -> tasks.take().run());
      } catch (RuntimeException | Error failure) {
        LOG.error("a task of the journal's housekeeper failed", failure);
      }
    }
  }
}
