package io.tidemark.statemachine;

import java.util.concurrent.atomic.AtomicLongArray;

/// Lets any number of threads use something until one closes it: closing waits for those inside.
///
/// Entering costs two uncontended atomic additions: the count is spread over cells, each in cache
/// lines of its own, so that readers on many cores do not meet.
final class Gate {
  private static final int CELLS = 64;
  // In longs: two cache lines, as the hardware fetches them in pairs.
  private static final int CELL_STRIDE = 16;

  private final AtomicLongArray inside = new AtomicLongArray(CELLS * CELL_STRIDE);
  private volatile boolean closed;

  /// Enters, unless the gate is closed; who entered leaves by [#exit], on the same thread.
  boolean tryEnter() {
    // The count is raised before `closed` is read, and the closer writes `closed` before it reads
    // the count: at least one of the two sees the other.
    inside.getAndIncrement(cell());
    if (closed) {
      exit();
      return false;
    }
    return true;
  }

  void exit() {
    inside.getAndDecrement(cell());
  }

  /// Lets nobody in any more, and returns when everybody is out. Stays are short: one read or
  /// write.
  void close() {
    closed = true;
    for (int cell = 0; cell < CELLS; cell++) {
      while (inside.get(cell * CELL_STRIDE) != 0) {
        Thread.onSpinWait();
      }
    }
  }

  private static int cell() {
    return ((int) Thread.currentThread().threadId() & (CELLS - 1)) * CELL_STRIDE;
  }
}
