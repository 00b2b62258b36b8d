package io.tidemark.log.remote;

import io.tidemark.log.Log;
import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;

/// The contract, with a network between the caller and a journal that begins far on.
class LateRemoteJournalLogTest extends RemoteJournalLogTest {
  private static final long FIRST = (1L << 40) + 7;

  @Override
  protected long first() {
    return FIRST;
  }

  @Override
  Log begin(JournalConfig config) {
    return JournalLog.create(config, FIRST);
  }
}
