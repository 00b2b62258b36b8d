package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was changed since the last commit, laid over what is committed: reads see both.
///
/// It holds the last state of every changed row, and the ranges that were removed as a whole. A row
/// it holds was always written after the ranges that cover it were removed, because removing a
/// range drops the rows in it: at the commit the ranges are removed first and the rows written
/// then, and the outcome is that of the changes in their order.
///
/// One thread uses it.
final class PendingBatch {
  /// Up to so many rows a range is removed row by row. A range of RocksDB costs every later reader
  /// a little until it is compacted away, which pays only where it stands for many rows.
  static final int REMOVED_SINGLY_MAX = 512;

  /// Says that the row is removed: rows that exist are never empty.
  private static final byte[] REMOVED = new byte[0];

  private final StoredView view;
  private final int removedSinglyMax;
  private final TreeMap<Bytes, byte[]> rows = new TreeMap<>();
  // From the begin of a removed range to its end; they neither overlap nor touch.
  private final TreeMap<Bytes, Bytes> removedRanges = new TreeMap<>();
  private long bytes;

  /// With [#REMOVED_SINGLY_MAX], but for tests: the outcome is the same with any number.
  PendingBatch(StoredView view, int removedSinglyMax) {
    this.view = view;
    this.removedSinglyMax = removedSinglyMax;
  }

  /// The row, or null if there is none.
  byte @Nullable [] get(Bytes key) {
    byte[] row = rows.get(key);
    if (row != null) {
      return isRemoved(row) ? null : row;
    }
    return isInRemovedRange(key) ? null : view.read(key);
  }

  /// Copies the begin of the row into `head` and returns the length of the row, or
  /// [StoredView#NO_ROW].
  int peek(Bytes key, byte[] head) {
    byte[] row = rows.get(key);
    if (row != null) {
      System.arraycopy(row, 0, head, 0, Math.min(head.length, row.length));
      return isRemoved(row) ? StoredView.NO_ROW : row.length;
    }
    return isInRemovedRange(key) ? StoredView.NO_ROW : view.peek(key, head);
  }

  /// Writes a row; it must not be empty, nor be changed afterwards.
  void put(Bytes key, byte[] row) {
    byte[] before = rows.put(key, row);
    bytes += before == null ? key.length() + row.length : row.length - before.length;
  }

  void remove(Bytes key) {
    put(key, REMOVED);
  }

  /// Removes every row from `begin`, inclusive, to `end`, exclusive; returns how many there were.
  long removeRange(Bytes begin, Bytes end) {
    if (begin.compareTo(end) >= 0) {
      return 0;
    }
    var found = new ArrayList<Bytes>();
    long count = 0;
    for (var row : rows.subMap(begin, end).entrySet()) {
      if (!isRemoved(row.getValue())) {
        count++;
        if (found.size() <= removedSinglyMax) {
          found.add(row.getKey());
        }
      }
    }
    try (var committed = view.iterate(begin, end)) {
      for (boolean more = committed.seekToFirst(); more; ) {
        Bytes key = Bytes.wrap(committed.key());
        Bytes removedUntil = removedUntil(key);
        if (removedUntil != null) {
          more = committed.seek(removedUntil);
          continue;
        }
        if (!rows.containsKey(key)) {
          count++;
          if (found.size() <= removedSinglyMax) {
            found.add(key);
          }
        }
        more = committed.next();
      }
    }
    if (count <= removedSinglyMax) {
      found.forEach(this::remove);
    } else {
      removeWhole(begin, end);
    }
    return count;
  }

  private void removeWhole(Bytes begin, Bytes end) {
    NavigableMap<Bytes, byte[]> covered = rows.subMap(begin, true, end, false);
    covered.forEach((key, row) -> bytes -= key.length() + row.length);
    covered.clear();
    Bytes from = begin;
    Bytes to = end;
    var before = removedRanges.floorEntry(begin);
    if (before != null && before.getValue().compareTo(begin) >= 0) {
      from = before.getKey();
      to = max(to, before.getValue());
    }
    for (var next = removedRanges.ceilingEntry(from);
        next != null && next.getKey().compareTo(to) <= 0;
        next = removedRanges.ceilingEntry(from)) {
      to = max(to, next.getValue());
      removedRanges.remove(next.getKey());
    }
    removedRanges.put(from, to);
  }

  private static Bytes max(Bytes one, Bytes other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private boolean isInRemovedRange(Bytes key) {
    return removedUntil(key) != null;
  }

  private static boolean isRemoved(byte[] row) {
    return row.length == 0;
  }

  /// The end of the removed range that the key is in, or null.
  private @Nullable Bytes removedUntil(Bytes key) {
    if (removedRanges.isEmpty()) {
      return null;
    }
    var range = removedRanges.floorEntry(key);
    return range != null && key.compareTo(range.getValue()) < 0 ? range.getValue() : null;
  }

  /// How many bytes of rows and keys are held.
  long bytes() {
    return bytes;
  }

  /// The ranges to remove first, by their begins.
  List<Map.Entry<Bytes, Bytes>> removedRanges() {
    return List.copyOf(removedRanges.entrySet());
  }

  /// Shows the last state of every changed row, in the order of their keys.
  void forEachRow(RowConsumer consumer) throws org.rocksdb.RocksDBException {
    for (var row : rows.entrySet()) {
      if (isRemoved(row.getValue())) {
        consumer.removed(row.getKey());
      } else {
        consumer.written(row.getKey(), row.getValue());
      }
    }
  }

  /// Forgets everything.
  void clear() {
    rows.clear();
    removedRanges.clear();
    bytes = 0;
  }

  /// Takes the rows of a batch.
  interface RowConsumer {
    void written(Bytes key, byte[] row) throws org.rocksdb.RocksDBException;

    void removed(Bytes key) throws org.rocksdb.RocksDBException;
  }
}
