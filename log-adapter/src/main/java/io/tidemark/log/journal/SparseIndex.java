package io.tidemark.log.journal;

import java.util.Arrays;

/// Where in a segment some of its frames begin: enough to find a position after reading a short
/// way. Any thread.
///
/// It may know less than it could; a reader that had to look for a place tells it what it saw.
final class SparseIndex {
  /// How far apart in the file the places it keeps are.
  static final int EVERY_BYTES = 64 << 10;

  private long[] positions = new long[8];
  private int[] offsets = new int[8];
  private int size;

  /// Knows the first frame alone.
  SparseIndex(long base) {
    positions[0] = base;
    offsets[0] = SegmentHeader.BYTES;
    size = 1;
  }

  /// Tells that the frame at `offset` begins with this position; kept if it lies far enough behind
  /// what is known.
  synchronized void saw(long position, int offset) {
    if (offset - offsets[size - 1] < EVERY_BYTES || position <= positions[size - 1]) {
      return;
    }
    if (size == positions.length) {
      positions = Arrays.copyOf(positions, 2 * size);
      offsets = Arrays.copyOf(offsets, 2 * size);
    }
    positions[size] = position;
    offsets[size] = offset;
    size++;
  }

  /// The nearest frame known to begin at or before `position`, which lies in the segment.
  synchronized Place before(long position) {
    int found = Arrays.binarySearch(positions, 0, size, position);
    int at = Math.max(found >= 0 ? found : -found - 2, 0);
    return new Place(positions[at], offsets[at]);
  }

  /// A frame that begins at this offset with this position.
  record Place(long position, int offset) {}
}
