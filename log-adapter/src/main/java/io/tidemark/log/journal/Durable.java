package io.tidemark.log.journal;

import io.tidemark.base.Invariants;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// What is durable: published by the committer after each group, awaited by readers.
final class Durable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Written under the lock.
  private volatile State state;
  private volatile boolean closed;

  Durable(State recovered) {
    state = recovered;
  }

  /// The newest state that is durable.
  State state() {
    return state;
  }

  /// Whether the journal was closed.
  boolean isClosed() {
    return closed;
  }

  /// Tells of a newer state, which must be durable.
  void publish(State newer) {
    lock.lock();
    try {
      Invariants.check(state.tail() <= newer.tail(), "the tail never goes back");
      state = newer;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Tells that nothing will be published any more.
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Wakes all who wait, to look whether they still want to.
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the tail lies behind `place`, nothing more can come, or `enough` holds.
  void await(long place, BooleanSupplier enough) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (state.tail() <= place && !state.sealed() && !closed && !enough.getAsBoolean()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
