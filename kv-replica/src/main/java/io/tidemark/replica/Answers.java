package io.tidemark.replica;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Completes futures on the executor, so that what hangs on them never holds up an agent, the log
/// or a timer.
final class Answers {
  private final Executor executor;

  Answers(Executor executor) {
    this.executor = executor;
  }

  /// Has the task done. An executor that was shut down before the replica was closed cannot take an
  /// answer away: it is then given here.
  void give(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException rejected) {
      task.run();
    }
  }
}
