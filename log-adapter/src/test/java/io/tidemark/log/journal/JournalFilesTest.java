package io.tidemark.log.journal;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.next;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.tail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogCalls;
import io.tidemark.log.LogContract;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The contract with nothing kept in memory, so that every reader reads files; and what concerns
/// readers of files alone.
class JournalFilesTest extends LogContract {
  private final CrashDisk disk = new CrashDisk(1);

  @Override
  protected Log open() {
    JournalConfig config = JournalConfig.of(Path.of("unused"));
    return JournalLog.open(
        config
            .withSegmentBytes(16 << 10)
            .withLimits(300 << 10, 600 << 10)
            .withRecentBytes(0)
            .withSeams(config.threads(), () -> new UUID(7, 8)),
        disk);
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
  void nothingIsLeftOpen() {
    log.close();
    assertThat(disk.openFiles()).isZero();
  }

  @Test
  void randomBatchesComeBackFromEveryPositionAfterEveryRestart() {
    var random = new Random(4);
    List<LogRecord> all = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 40; i++) {
        List<Bytes> batch = new ArrayList<>();
        for (int j = random.nextInt(12); j >= 0; j--) {
          batch.add(Image.noise(random, random.nextInt(random.nextInt(30) == 0 ? 40_000 : 600)));
        }
        long position = await(log.append(batch, Precondition.NONE)).first();
        for (Bytes payload : batch) {
          all.add(new LogRecord(position++, payload));
        }
      }
      log.close();
      log = open();
      for (int i = 0; i < 20; i++) {
        int from = random.nextInt(all.size());
        assertThat(readToTail(log, from + 1)).isEqualTo(all.subList(from, all.size()));
      }
    }
  }

  @Test
  void aReaderMeetsDamageInAnOldSegmentWhereItIsAndStaysBeforeIt() {
    List<LogRecord> all = fill();
    log.close();
    byte[] damaged = disk.read(Image.FILE);
    damaged[9_000] ^= 16;
    disk.replace(Image.FILE, damaged);
    log = open();

    try (LogReader reader = log.read(Log.START)) {
      List<LogRecord> before = next(reader);
      assertThat(before).isEqualTo(all.subList(0, before.size()));
      long position = before.getLast().position() + 1;
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(reader::next)
            .isInstanceOf(LogException.Corrupt.class)
            .hasMessageContaining("disk/" + Image.FILE)
            .hasMessageContaining("offset ")
            .hasMessageContaining("position " + position + ":");
      }
    }
    assertThat(readToTail(log, 100)).isEqualTo(all.subList(99, all.size()));
  }

  @Test
  void aSegmentWhoseLastFramesAreZeroIsNoShorterSegment() {
    fill();
    log.close();
    byte[] damaged = disk.read(Image.FILE);
    Arrays.fill(damaged, 9_000, damaged.length, (byte) 0);
    disk.replace(Image.FILE, damaged);
    log = open();

    try (LogReader reader = log.read(Log.START)) {
      next(reader);
      assertThatThrownBy(reader::next).isInstanceOf(LogException.Corrupt.class);
    }
  }

  @Test
  void aReaderThatCannotReadSaysWhereAndOthersGoOn() {
    fill();
    log.close();
    disk.replace(Image.FILE, Arrays.copyOf(disk.read(Image.FILE), 9_000));
    log = open();

    try (LogReader reader = log.read(Log.START)) {
      next(reader);
      assertThatThrownBy(reader::next).isInstanceOf(LogException.Corrupt.class);
    }
    append(log, "others go on");
  }

  @Test
  void aDiskThatDoesNotAnswerIsNoDamageAndTheReaderGoesOnWhenItDoes() {
    append(log, "a");
    append(log, "b");
    try (LogReader reader = log.read(Log.START)) {
      disk.readsFail(true);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(reader::next)
            .isInstanceOf(LogException.Unavailable.class)
            .hasMessageContaining("position 1")
            .hasMessageContaining("does not answer");
      }
      assertThat(reader.position()).isEqualTo(Log.START);
      disk.readsFail(false);
      assertThat(LogCalls.texts(next(reader))).containsExactly("a", "b");
    }
  }

  @Test
  void positionsAreFoundBySkippingMostOfALargeSegment() {
    log.close();
    JournalConfig config = JournalConfig.of(Path.of("unused")).withRecentBytes(0);
    var large = new CrashDisk(2);
    log = JournalLog.open(config.withSegmentBytes(4 << 20), large);
    var random = new Random(6);
    List<CompletableFuture<?>> appends = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      appends.add(log.append(List.of(Image.noise(random, 1_000)), Precondition.NONE));
    }
    appends.forEach(LogCalls::await);
    List<LogRecord> all = readToTail(log, Log.START);
    assertThat(all).hasSize(3_000);
    assertThat(tail(log)).isEqualTo(3_001);

    for (int restart = 0; restart < 2; restart++) {
      for (int from = 1; from <= 3_000; from += 97) {
        try (LogReader reader = log.read(from)) {
          List<LogRecord> found = next(reader);
          assertThat(found).isEqualTo(all.subList(from - 1, from - 1 + found.size()));
        }
      }
      log.close();
      log = JournalLog.open(config, large);
    }
  }
}
