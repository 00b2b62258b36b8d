package io.tidemark.log.journal;

import io.tidemark.log.Log;

/// The contract on a real disk, for a log that begins far on.
class LateJournalLogTest extends JournalLogTest {
  private static final long FIRST = (1L << 40) + 7;

  @Override
  protected long first() {
    return FIRST;
  }

  @Override
  protected Log open() {
    return JournalLog.create(config(), FIRST);
  }

  @Override
  protected Log reopen() {
    return JournalLog.open(config());
  }
}
