package io.tidemark.log.journal;

import java.util.concurrent.ThreadFactory;

/// What the journal's two threads have in common.
final class Threads {
  private Threads() {}

  /// A call that waits.
  interface Waiting {
    /// Does it.
    void run() throws InterruptedException;
  }

  /// A thread of this name that has begun.
  static Thread start(ThreadFactory factory, String name, Runnable body) {
    Thread thread = factory.newThread(body);
    thread.setName(name);
    thread.start();
    return thread;
  }

  /// Waits for the thread's end.
  static void join(Thread thread) {
    uninterruptibly(thread::join);
  }

  /// Makes the call again until it was not interrupted, and leaves the thread as interrupted as it
  /// was.
  static void uninterruptibly(Waiting call) {
    boolean interrupted = false;
    while (true) {
      try {
        call.run();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
