package io.tidemark.log.s3;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs what it is given one at a time, in the order in which it was given, on the thread of
/// whoever finds it idle: an agent without a thread of its own.
///
/// What runs must be short and must not block. What it puts in itself runs after it.
final class Mailbox {
  private final Consumer<Throwable> onBroken;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean busy;

  /// @param onBroken told what a turn threw, within the mailbox: the code is wrong
  Mailbox(Consumer<Throwable> onBroken) {
    this.onBroken = onBroken;
  }

  void put(Runnable turn) {
    lock.lock();
    try {
      waiting.add(turn);
      if (busy) {
        return;
      }
      busy = true;
    } finally {
      lock.unlock();
    }
    for (Runnable next = take(); next != null; next = take()) {
      try {
        next.run();
      } catch (Throwable broken) {
        onBroken.accept(broken);
      }
    }
  }

  private @Nullable Runnable take() {
    lock.lock();
    try {
      Runnable next = waiting.poll();
      busy = next != null;
      return next;
    } finally {
      lock.unlock();
    }
  }
}
