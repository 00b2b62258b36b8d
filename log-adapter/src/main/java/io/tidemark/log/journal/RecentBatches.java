package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogRecord;
import java.util.ArrayList;
import java.util.List;

/// The newest batches, kept in memory for readers near the tail; a ring, bounded in bytes. Any
/// thread.
final class RecentBatches {
  /// What a record costs beside its bytes, about.
  private static final int RECORD_OVERHEAD_BYTES = 48;

  private final long bytesMax;

  private Batch[] ring = new Batch[64];
  private int head;
  private int size;
  private long bytes;

  private record Batch(long first, List<Bytes> records, long bytes) {
    long next() {
      return first + records.size();
    }
  }

  private static final Batch NONE = new Batch(0, List.of(), 0);

  /// Keeps at most this many bytes.
  RecentBatches(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /// Adds a batch that is durable, behind the last.
  ///
  /// @param recordBytes the sum of the records' lengths
  synchronized void add(long first, List<Bytes> records, int recordBytes) {
    var batch =
        new Batch(first, records, recordBytes + (long) RECORD_OVERHEAD_BYTES * records.size());
    while (size > 0 && bytes + batch.bytes > bytesMax) {
      bytes -= ring[head].bytes;
      ring[head] = NONE;
      head = (head + 1) & (ring.length - 1);
      size--;
    }
    if (batch.bytes > bytesMax) {
      return;
    }
    if (size == ring.length) {
      grow();
    }
    ring[(head + size) & (ring.length - 1)] = batch;
    size++;
    bytes += batch.bytes;
  }

  /// The records from `place` on and below `tail`, whole batches up to the limits; none if they are
  /// not kept.
  List<LogRecord> from(long place, long tail) {
    List<Batch> batches = batches(place, tail);
    List<LogRecord> records = new ArrayList<>();
    for (Batch batch : batches) {
      for (int i = (int) Math.max(0, place - batch.first); i < batch.records.size(); i++) {
        records.add(new LogRecord(batch.first + i, batch.records.get(i)));
      }
    }
    return records;
  }

  private synchronized List<Batch> batches(long place, long tail) {
    List<Batch> found = new ArrayList<>();
    int at = find(place);
    long taken = 0;
    long count = 0;
    while (at >= 0
        && at < size
        && get(at).next() <= tail
        && taken < JournalReader.NEXT_BYTES
        && count < JournalReader.NEXT_RECORDS) {
      Batch batch = get(at++);
      found.add(batch);
      taken += batch.bytes;
      count += batch.records.size();
    }
    return found;
  }

  // The batch that holds the place, or -1.
  private int find(long place) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Batch batch = get(middle);
      if (place < batch.first) {
        high = middle - 1;
      } else if (place >= batch.next()) {
        low = middle + 1;
      } else {
        return middle;
      }
    }
    return -1;
  }

  private Batch get(int index) {
    return ring[(head + index) & (ring.length - 1)];
  }

  private void grow() {
    var larger = new Batch[2 * ring.length];
    for (int i = 0; i < size; i++) {
      larger[i] = get(i);
    }
    ring = larger;
    head = 0;
  }
}
