package io.tidemark.log.journal;

import io.tidemark.base.Invariants;
import io.tidemark.log.LogException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The segments of the log, from the trim point to the tail. Any thread.
///
/// A segment is deleted and the trim point moved behind it under one lock, so that a reader either
/// opens a file or is told that it was trimmed.
final class Segments {
  private final Storage storage;
  private final ReentrantLock lock = new ReentrantLock();

  // Under the lock, by base; never empty.
  private final TreeMap<Long, Segment> byBase;

  // Under the lock: why the last deletion may not be durable; it cannot be made so by trying again.
  private @Nullable IOException trimFailure;

  private volatile long trimPoint;

  Segments(Storage storage, Map<Long, Segment> recovered) {
    this.storage = storage;
    this.byBase = new TreeMap<>(recovered);
    this.trimPoint = byBase.firstKey();
  }

  /// The first position that can be read: the base of the oldest segment.
  long trimPoint() {
    return trimPoint;
  }

  /// Adds the newest, or puts it in the place of a newest without records.
  void add(Segment segment) {
    lock.lock();
    try {
      Invariants.check(byBase.lastKey() <= segment.base(), "segments come in order");
      byBase.put(segment.base(), segment);
    } finally {
      lock.unlock();
    }
  }

  /// A segment and a file to read it with, which whoever asked closes.
  record Opened(Segment segment, StorageFile file) {}

  /// Opens the segment that holds the position.
  ///
  /// @throws LogException.Trimmed if it was trimmed
  Opened open(long position) throws IOException {
    lock.lock();
    try {
      Map.Entry<Long, Segment> found = byBase.floorEntry(position);
      if (position < trimPoint || found == null) {
        throw new LogException.Trimmed(position, byBase.firstKey());
      }
      Segment segment = found.getValue();
      return new Opened(segment, storage.open(segment.name()));
    } finally {
      lock.unlock();
    }
  }

  /// Deletes the segments that hold nothing at or after `upTo`, oldest first and each durably
  /// before the next, so that a crash leaves no gap; never the newest. Returns the trim point.
  long trim(long upTo) throws IOException {
    while (deleteOldest(upTo)) {
      // Other threads have their turn between two files.
    }
    return trimPoint;
  }

  private boolean deleteOldest(long upTo) throws IOException {
    lock.lock();
    try {
      if (trimFailure != null) {
        throw new IOException("an earlier trim failed", trimFailure);
      }
      Segment oldest = byBase.firstEntry().getValue();
      Map.Entry<Long, Segment> second = byBase.higherEntry(oldest.base());
      if (second == null || second.getKey() > upTo) {
        return false;
      }
      storage.delete(oldest.name());
      byBase.remove(oldest.base());
      try {
        storage.sync();
      } catch (IOException failure) {
        trimFailure = failure;
        throw failure;
      }
      trimPoint = second.getKey();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
