package io.tidemark.log.s3;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.log.Log;
import io.tidemark.log.LogContract;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

/// The contract, on a store in memory.
class SlotLogTest extends LogContract {
  private final ExecutorService network = Executors.newSingleThreadExecutor();
  private final FakeStore store = new FakeStore(network);

  static SlotLogConfig config() {
    return SlotLogConfig.of(
        new SlotLogConfig.Seams(
            Clock.SYSTEM, Timers.onThread("slot-log-timers"), new Random(1), UUID::randomUUID));
  }

  @Override
  protected Log open() {
    return SlotLog.open(store(), settings());
  }

  /// The store of the test.
  final ObjectStore store() {
    return store.as("a");
  }

  /// The settings of every log of a test.
  final SlotLogConfig settings() {
    return config().withQueue(1_500, 64 << 20);
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

  @AfterEach
  void endNetwork() {
    log.close();
    network.shutdownNow();
  }
}
