package io.tidemark.log;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.remote.RemoteLog;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
  @Test
  void aJournalIsOpenedWhereItWasLeft(@TempDir Path directory) {
    LogAddress address = LogAddress.parse("journal:" + directory.resolve("log"));
    try (Log log = Logs.open(address)) {
      append(log, "a");
    }
    try (Log log = Logs.open(address)) {
      append(log, "b");
      assertThat(texts(readToTail(log, Log.START))).containsExactly("a", "b");
      assertThat(await(log.describe()).provider()).isEqualTo("journal");
    }
  }

  @Test
  void everyLogInMemoryIsAnotherLog() {
    try (Log one = Logs.open(LogAddress.parse("memory:"));
        Log two = Logs.open(LogAddress.parse("memory:"))) {
      assertThat(await(one.describe()).id()).isNotEqualTo(await(two.describe()).id());
    }
  }

  @Test
  void aRemoteLogIsOpenedWhileItsServerIsAway() {
    try (Log log = Logs.open(LogAddress.parse("remote:127.0.0.1:1"))) {
      assertThat(log).isInstanceOf(RemoteLog.class);
    }
  }
}
