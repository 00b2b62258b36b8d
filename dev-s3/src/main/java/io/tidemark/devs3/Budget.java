package io.tidemark.devs3;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that may be held at a time, by all connections together.
final class Budget {
  private final AtomicLong left;

  Budget(long bytesMax) {
    left = new AtomicLong(bytesMax);
  }

  /// Takes some, or says that there are not enough.
  boolean take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
