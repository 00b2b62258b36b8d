package io.tidemark.log.remote;

import io.tidemark.log.Log;
import io.tidemark.log.LogContract;
import io.tidemark.log.memory.MemoryLog;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/// The contract, with a network between the caller and a log in memory.
class RemoteMemoryLogTest extends LogContract {
  @SuppressWarnings("NullAway.Init") // by open(), before every test
  private Served served;

  @Override
  protected Log open() throws IOException {
    served = Served.start(new MemoryLog(new UUID(1, 2)));
    return RemoteLog.open(
        RemoteLogConfig.of("127.0.0.1", served.port()).withOutstanding(1_500, 64 << 20));
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
    return RemoteLog.open(RemoteLogConfig.of("127.0.0.1", served.port()));
  }

  @AfterEach
  void stopServing() {
    log.close();
    served.close();
  }
}
