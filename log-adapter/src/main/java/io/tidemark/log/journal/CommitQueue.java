package io.tidemark.log.journal;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for the committer: bounded, in the order of the calls. Any thread adds, the committer
/// takes.
final class CommitQueue {
  /// About how many bytes of records one group commit takes, so that none takes long.
  private static final long GROUP_BYTES = 4 << 20;

  private final int appendsMax;
  private final long bytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();

  // Under the lock.
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  /// What became of an offer.
  enum Offer {
    TAKEN,
    FULL,
    CLOSED
  }

  CommitQueue(int appendsMax, long bytesMax) {
    this.appendsMax = appendsMax;
    this.bytesMax = bytesMax;
  }

  /// Adds the entry if the queue has room; an empty queue has room for anything.
  Offer offer(Entry entry) {
    lock.lock();
    try {
      if (closed) {
        return Offer.CLOSED;
      }
      int size = bytes(entry);
      boolean full = entries.size() >= appendsMax || bytes + size > bytesMax;
      if (full && !entries.isEmpty()) {
        return Offer.FULL;
      }
      entries.add(entry);
      bytes += size;
      added.signal();
      return Offer.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for entries and moves as many of them as one group takes.
  ///
  /// @return false if it is closed and empty
  boolean take(List<Entry> group) {
    lock.lock();
    try {
      while (entries.isEmpty() && !closed) {
        added.awaitUninterruptibly();
      }
      long taken = 0;
      while (!entries.isEmpty() && taken < GROUP_BYTES) {
        Entry entry = entries.remove();
        taken += bytes(entry);
        group.add(entry);
      }
      bytes -= taken;
      return !group.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Takes no more.
  void close() {
    lock.lock();
    try {
      closed = true;
      added.signal();
    } finally {
      lock.unlock();
    }
  }

  private static int bytes(Entry entry) {
    return switch (entry) {
      case Entry.Append append -> append.bytes();
      case Entry.Fence fence -> fence.token().length();
      case Entry.Seal _ -> 0;
    };
  }
}
