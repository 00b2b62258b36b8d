package io.tidemark.log.journal;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.next;
import static io.tidemark.log.LogCalls.readToTail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only a real directory shows: its lock, its files, interrupts.
class DirectoryTest {
  @TempDir private Path directory;

  @Test
  void aDirectoryIsOpenOnceInAProcess() throws IOException {
    Path link = directory.resolveSibling(directory.getFileName() + "-link");
    Files.createSymbolicLink(link, directory);
    try (Log log = open()) {
      assertInUse(directory);
      assertInUse(link);
      append(log, "a");
    } finally {
      Files.delete(link);
    }
    try (Log log = open()) {
      assertThat(readToTail(log, Log.START)).hasSize(1);
    }
  }

  @Test
  void aDirectoryIsOpenInOneProcess() throws Exception {
    open().close();
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var output = owner.inputReader()) {
      assertThat(output.readLine()).isEqualTo("locked");
      assertInUse(directory);
    } finally {
      owner.destroyForcibly();
      assertThat(owner.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    open().close();
  }

  /// Holds a directory until it is killed.
  static final class Owner {
    private Owner() {}

    /// Opens the journal in the directory of the first argument.
    public static void main(String[] arguments) throws IOException {
      try (Log _ = JournalLog.open(JournalConfig.of(Path.of(arguments[0])))) {
        System.out.println("locked");
        System.out.flush();
        int _ = System.in.read();
      }
    }
  }

  @Test
  void aFileInThePlaceOfTheDirectoryIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> JournalLog.open(JournalConfig.of(file)))
        .isInstanceOf(LogException.Unavailable.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void anInterruptedReaderOfFilesHarmsNobodyAndKeepsItsPlace() throws Exception {
    try (Log log = open();
        LogReader reader = log.read(Log.START)) {
      for (int i = 0; i < 40; i++) {
        await(log.append(List.of(Bytes.wrap(new byte[1_000])), Precondition.NONE));
      }
      for (int i = 0; i < 3; i++) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(reader::next).isInstanceOf(InterruptedException.class);
        append(log, "others go on");
      }
      assertThat(next(reader).getFirst().position()).isEqualTo(Log.START);
      assertThat(readToTail(log, Log.START)).hasSize(43);
    }
  }

  @Test
  void aCallbackThatInterruptsTheThreadOfTheJournalHarmsNobody() {
    try (Log log = open()) {
      for (int i = 0; i < 20; i++) {
        var future = log.append(List.of(Bytes.utf8("r" + i)), Precondition.NONE);
        await(future.whenComplete((_, _) -> interruptJournal()));
      }
      assertThat(readToTail(log, Log.START)).hasSize(20);
    }
  }

  private static void interruptJournal() {
    Thread current = Thread.currentThread();
    if (current.getName().equals("kv-journal")) {
      current.interrupt();
    }
  }

  @Test
  void aTrimGivesTheSpaceBack() throws IOException {
    try (Log log = open()) {
      for (int i = 0; i < 64; i++) {
        await(log.append(List.of(Bytes.wrap(new byte[1_000])), Precondition.NONE));
      }
      long before = segments();
      long point = await(log.trim(40));
      assertThat(point).isGreaterThan(14).isLessThanOrEqualTo(40);
      assertThat(segments()).isLessThanOrEqualTo(before - 2);
    }
  }

  private long segments() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".seg")).count();
    }
  }

  private Log open() {
    return JournalLog.open(
        JournalConfig.of(directory).withSegmentBytes(16 << 10).withRecentBytes(0));
  }

  private static void assertInUse(Path where) {
    assertThatThrownBy(() -> JournalLog.open(JournalConfig.of(where)))
        .isInstanceOf(LogException.Unavailable.class)
        .hasMessageContaining(where.toString())
        .hasMessageMatching(".*(open in this process|in use by another process).*");
  }
}
