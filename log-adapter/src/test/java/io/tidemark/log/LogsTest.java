package io.tidemark.log;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  @Test
  void aLogIsCreatedWhereThereIsNone(@TempDir Path directory) {
    LogAddress address = LogAddress.parse("journal:" + directory.resolve("log"));
    assertThat(Logs.exists(address)).isFalse();
    assertThat(directory).isEmptyDirectory();
    try (Log log = Logs.create(address, 1_000)) {
      assertThat(Logs.exists(address)).isTrue();
      assertThat(append(log, "a").first()).isEqualTo(1_000);
    }
    assertThatThrownBy(() -> Logs.create(address, 2_000))
        .isInstanceOf(LogExistsException.class)
        .hasMessage(
            "there is a log in %s already; a new log begins where there is none",
            directory.resolve("log"));
    try (Log log = Logs.open(address)) {
      assertThat(texts(readToTail(log, 1_000))).containsExactly("a");
    }
  }

  @Test
  void aLogInMemoryMayBeginAnywhere() {
    try (Log log = Logs.create(LogAddress.parse("memory:"), 1L << 50)) {
      assertThat(append(log, "a").first()).isEqualTo(1L << 50);
    }
  }

  @Test
  void aRemoteLogIsCreatedWhereItIsServed() {
    assertThatThrownBy(() -> Logs.create(LogAddress.parse("remote:127.0.0.1:1"), 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("remote:127.0.0.1:1 names a log that another process serves");
  }

  @Test
  void aLogBeginsWithinBounds(@TempDir Path directory) {
    LogAddress address = LogAddress.parse("journal:" + directory.resolve("log"));
    for (long first : new long[] {-1, 0, Log.FIRST_POSITION_MAX + 1, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> Logs.create(address, first))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not at " + first);
    }
    assertThat(directory).isEmptyDirectory();
    Logs.create(address, Log.FIRST_POSITION_MAX).close();
  }
}
