package io.tidemark.log.s3;

import io.tidemark.log.Log;

/// The contract on a store in memory, for a log that begins far on: with the first slot that does
/// not begin before the position asked for.
class LateSlotLogTest extends SlotLogTest {
  private static final long ASKED = (1L << 40) + 7;

  @Override
  protected long first() {
    return (1L << 40) + (1 << 20) + Log.START;
  }

  @Override
  protected Log open() {
    return SlotLog.create(store(), settings(), ASKED);
  }

  @Override
  protected Log reopen() {
    return SlotLog.open(store(), settings());
  }
}
