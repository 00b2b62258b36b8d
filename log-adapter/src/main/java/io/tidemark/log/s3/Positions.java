package io.tidemark.log.s3;

import io.tidemark.log.Log;

/// Which positions belong to which slot: 2^20 to each, the first slot's from [Log#START] on.
///
/// So a writer knows the positions of its batch without knowing how large the batches before are.
final class Positions {
  /// The most records of one slot.
  static final int RECORDS_MAX = 1 << 20;

  /// The number after the last slot there can be.
  static final long SLOTS_MAX = 1L << 42;

  private Positions() {}

  /// The position of a slot's first record; also the tail, when this is the first slot that is not
  /// there.
  static long of(long slot) {
    return Log.START + slot * RECORDS_MAX;
  }

  /// The position of a record.
  static long of(long slot, int index) {
    return of(slot) + index;
  }

  /// The slot to which a position belongs.
  static long slot(long position) {
    return (position - Log.START) / RECORDS_MAX;
  }

  /// The first slot that begins at or after a position.
  static long slotFrom(long position) {
    return slot(position + RECORDS_MAX - 1);
  }

  /// Which of its slot's records a position names.
  static int index(long position) {
    return (int) ((position - Log.START) % RECORDS_MAX);
  }
}
