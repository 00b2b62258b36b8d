package io.tidemark.log.memory;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.tail;
import static io.tidemark.log.LogCalls.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.Log;
import io.tidemark.log.LogContract;
import io.tidemark.log.LogException;
import io.tidemark.log.Precondition;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MemoryLogTest extends LogContract {
  @Override
  protected Log open() {
    return new MemoryLog(new UUID(1, 2));
  }

  @Test
  void aFullLogRefusesAppendsUntilItIsTrimmed() {
    try (Log small = new MemoryLog(new UUID(1, 2), 10)) {
      append(small, "12345", "67890");
      failure(small.append(batch("x"), Precondition.NONE), LogException.Unavailable.class);
      await(small.trim(tail(small)));
      append(small, "x");

      assertThat(texts(readToTail(small, 3))).containsExactly("x");
    }
  }
}
