package io.tidemark.log.journal;

import io.tidemark.log.Log;
import io.tidemark.log.LogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The contract on a real disk, with segments of 16 KiB, so that everything rolls, and a short
/// queue.
class JournalLogTest extends LogContract {
  @TempDir private Path directory;

  @Override
  protected Log open() {
    return JournalLog.open(config());
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
  protected Log reopen() {
    return open();
  }

  /// The settings of every log of a test.
  final JournalConfig config() {
    return JournalConfig.of(directory)
        .withSegmentBytes(16 << 10)
        .withLimits(1 << 20, 2 << 20)
        .withQueue(500, 1 << 20)
        .withRecentBytes(64 << 10);
  }
}
