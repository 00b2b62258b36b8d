package io.tidemark.log.journal;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.readToTail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.Precondition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A directory that is not as it was left is refused, and says what is wrong with it.
class RecoveryTest {
  private final CrashDisk disk = new CrashDisk(1);
  private final List<String> segments = new ArrayList<>();

  @BeforeEach
  void fillThreeSegments() throws IOException {
    try (Log log = open()) {
      for (int i = 0; i < 32; i++) {
        await(log.append(List.of(Bytes.wrap(new byte[1_000])), Precondition.NONE));
      }
    }
    segments.addAll(disk.list().stream().filter(name -> name.endsWith(".seg")).toList());
    assertThat(segments).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void aSegmentThatIsMissingInTheMiddleIsMissed() throws IOException {
    disk.delete(segments.get(1));
    assertRefused(segments.get(2), "is missing");
  }

  @Test
  void aJournalWithoutItsIdentityIsNotBegunAnew() throws IOException {
    disk.delete(LogIdentity.FILE);
    assertRefused("has lost its file LOG");
  }

  @Test
  void aJournalWithoutSegmentsIsNotBegunAnew() throws IOException {
    for (String segment : segments) {
      disk.delete(segment);
    }
    assertRefused("has lost all of its segment files");
  }

  @Test
  void aSegmentOfAnotherLogOrAnotherPlaceIsRefused() throws IOException {
    disk.replace(segments.get(1), disk.read(segments.get(2)));
    assertRefused(segments.get(1), "belongs elsewhere");
    disk.replace(segments.get(1), new Image().bytes());
    assertRefused(segments.get(1), "belongs elsewhere");
  }

  @Test
  void aChangedByteInAHeaderOrTheIdentityIsRefused() {
    for (String file : List.of(LogIdentity.FILE, segments.get(0), segments.getLast())) {
      byte[] whole = disk.read(file);
      int length = Math.min(whole.length, SegmentHeader.BYTES);
      for (int at = 0; at < length; at++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= 4;
        disk.replace(file, damaged);
        assertThatThrownBy(this::recover)
            .as("byte %d of %s", at, file)
            .isInstanceOf(LogException.Corrupt.class)
            .hasMessageContaining(file);
      }
      disk.replace(file, whole);
    }
  }

  @Test
  void aNewerFormatIsNamed() {
    byte[] newer = disk.read(LogIdentity.FILE);
    newer[11] = 2;
    disk.replace(LogIdentity.FILE, newer);
    assertRefused("disk/LOG", "format 2");
  }

  @Test
  void unfinishedFilesAndStrangersDoNoHarm() throws IOException {
    disk.replace("next.tmp", new byte[] {1, 2, 3});
    disk.replace("notes.txt", new byte[] {1});
    try (Log log = open()) {
      assertThat(readToTail(log, Log.START)).hasSize(32);
      append(log, "goes on");
    }
    assertThat(disk.list()).contains("notes.txt").doesNotContain("next.tmp");
  }

  @Test
  void aRestartWithoutAppendsChangesNothing() {
    byte[] before = disk.read(segments.getLast());
    for (int i = 0; i < 5; i++) {
      open().close();
    }
    assertThat(disk.read(segments.getLast())).isEqualTo(before);
  }

  @Test
  void otherSettingsAreTakenForNewSegmentsAlone() {
    var larger = Image.settings().withSegmentBytes(64 << 10);
    try (Log log = JournalLog.open(larger, disk)) {
      for (int i = 0; i < 100; i++) {
        append(log, "r".repeat(1_000));
      }
      assertThat(readToTail(log, Log.START)).hasSize(132);
    }
    try (Log log = open()) {
      assertThat(readToTail(log, Log.START)).hasSize(132);
    }
  }

  private void assertRefused(String... words) {
    assertThatThrownBy(this::recover)
        .isInstanceOf(LogException.Corrupt.class)
        .message()
        .contains(words);
  }

  private void recover() throws IOException {
    Recovery.recover(disk, Image.settings()).file().close();
  }

  private Log open() {
    return JournalLog.open(Image.settings(), disk);
  }
}
