package io.tidemark.replica;

/// Waits for threads of agents.
final class Threads {
  private Threads() {}

  /// Waits until the thread has ended, unless it is the caller's own.
  static void join(Thread thread) {
    if (Thread.currentThread().equals(thread)) {
      return;
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
