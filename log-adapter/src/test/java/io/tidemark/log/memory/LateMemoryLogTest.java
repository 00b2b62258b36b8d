package io.tidemark.log.memory;

import io.tidemark.log.Log;
import io.tidemark.log.LogContract;

/// The contract, for a log that begins far on.
class LateMemoryLogTest extends LogContract {
  private static final long FIRST = (1L << 40) + 7;

  @Override
  protected long first() {
    return FIRST;
  }

  @Override
  protected Log open() {
    return MemoryLog.beginningAt(FIRST);
  }
}
