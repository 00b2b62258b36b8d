package io.tidemark.log.remote;

import io.tidemark.log.Log;
import io.tidemark.log.LogContract;
import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract, with a network between the caller and a journal; a restart is one of everything.
class RemoteJournalLogTest extends LogContract {
  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init") // by open(), before every test
  private Served served;

  /// Begins the journal that is served.
  Log begin(JournalConfig config) {
    return JournalLog.open(config);
  }

  @Override
  protected final Log open() throws IOException {
    return serve(begin(config()));
  }

  private Log serve(Log journal) throws IOException {
    served = Served.start(journal);
    return RemoteLog.open(RemoteLogConfig.of("127.0.0.1", served.port()));
  }

  private JournalConfig config() {
    return JournalConfig.of(directory)
        .withSegmentBytes(16 << 10)
        .withLimits(1 << 20, 2 << 20)
        .withQueue(500, 1 << 20)
        .withRecentBytes(64 << 10);
  }

  @Override
  protected boolean overloads() {
    return true;
  }

  @Override
  protected boolean survivesClose() {
    return true;
  }

  @Override
  protected Log reopen() throws IOException {
    served.close();
    return serve(JournalLog.open(config()));
  }

  @AfterEach
  void stopServing() {
    log.close();
    served.close();
  }
}
