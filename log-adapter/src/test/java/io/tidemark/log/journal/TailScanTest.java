package io.tidemark.log.journal;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.readToTail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a crash can leave is cut; anything else that is wrong is refused.
class TailScanTest {
  private static final int SECTOR = 512;

  private final Random random = new Random(9);

  // Three groups, the last of one frame.
  private Image image(int lastRecordBytes) throws IOException {
    return new Image()
        .group(List.of(batch(3, 90), batch(1, 40)))
        .group(List.of(batch(2, 300)))
        .group(List.of(batch(2, lastRecordBytes)));
  }

  private List<Bytes> batch(int records, int bytes) {
    return IntStream.range(0, records).mapToObj(_ -> Image.noise(random, bytes)).toList();
  }

  @Test
  void aFrameWhoseWriteWasCutShortAtAnyByteIsCut() throws IOException {
    Image image = image(700);
    int last = image.size() - 1;
    for (int at = image.offset(last); at < image.offset(last + 1); at++) {
      byte[] torn = image.bytes();
      Arrays.fill(torn, at, torn.length, (byte) 0);
      assertCut(image, torn, last, "zeros from " + at);
      assertCut(image, Arrays.copyOf(image.bytes(), at), last, "file ends at " + at);
    }
  }

  @Test
  void anySectorsOfTheLastGroupMayBeMissing() throws IOException {
    for (int round = 0; round < 300; round++) {
      Image image =
          new Image()
              .group(List.of(batch(2, 400)))
              .group(List.of(batch(1, 30), batch(2, 600), batch(1, 900), batch(4, 10)));
      byte[] torn = image.bytes();
      int first = image.offset(1);
      int end = image.offset(5);
      int firstMissing = end;
      for (int from = first; from < end; from = (from / SECTOR + 1) * SECTOR) {
        if (random.nextInt(3) == 0) {
          Arrays.fill(torn, from, Math.min((from / SECTOR + 1) * SECTOR, end), (byte) 0);
          firstMissing = Math.min(firstMissing, from);
        }
      }
      int kept = 1;
      while (kept < 5 && image.offset(kept + 1) <= firstMissing) {
        kept++;
      }
      assertCut(image, torn, kept, "round " + round);
    }
  }

  @Test
  void aCutThatIsInterruptedAtAnyStepIsCutAgain() throws IOException {
    for (int round = 0; round < 400; round++) {
      Image image = image(100 + random.nextInt(900));
      int last = image.size() - 1;
      byte[] torn = image.bytes();
      int from = image.offset(last) + random.nextInt(image.offset(last + 1) - image.offset(last));
      int to = random.nextBoolean() ? torn.length : (from / SECTOR + 1) * SECTOR;
      int start = to == torn.length ? from : Math.max(to - SECTOR, image.offset(last));
      Arrays.fill(torn, start, to, (byte) 0);
      CrashDisk disk = image.with(torn, round);
      for (int step = 0; step < 6; step++) {
        disk.failAfter(step, CrashDisk.Fault.POWER_CUT);
        try {
          recover(disk);
        } catch (IOException _) {
          // The power went meanwhile.
        }
        disk.powerCycle();
      }
      assertThat(recover(disk).state().tail())
          .as("round %d", round)
          .isEqualTo(image.position(last));
    }
  }

  @Test
  void aChangedByteAnywhereInTheLastFrameIsRefused() throws IOException {
    Image image = image(700);
    assertEveryFlipIsRefused(image, image.size() - 1);
  }

  @Test
  void aChangedByteAnywhereInAMiddleFrameIsRefused() throws IOException {
    Image image = image(700);
    assertEveryFlipIsRefused(image, 0);
    assertEveryFlipIsRefused(image, 1);
    assertEveryFlipIsRefused(image, 2);
  }

  @Test
  void afterACleanCloseNothingMayBeMissing() throws IOException {
    Image image = image(700).close();
    for (int at = 4_096; at < image.offset(image.size()) - 48; at += 128) {
      byte[] damaged = image.bytes();
      Arrays.fill(damaged, at, Math.min(at + SECTOR, image.offset(image.size()) - 40), (byte) 0);
      assertRefused(image, damaged, "zeros at " + at);
    }
  }

  @Test
  void aSectorThatIsMissingBeforeTheLastGroupIsRefused() throws IOException {
    Image image = image(700);
    for (int at = 4_096; at < image.offset(2); at += SECTOR) {
      byte[] damaged = image.bytes();
      Arrays.fill(damaged, at, at + SECTOR, (byte) 0);
      assertRefused(image, damaged, "sector at " + at);
    }
  }

  @Test
  void anImageOfAFrameInsideARecordIsNoFrame() throws IOException {
    Image inner = image(200);
    Bytes frames = Bytes.wrap(Arrays.copyOfRange(inner.bytes(), 4_096, inner.offset(4)));
    Image image = new Image().group(List.of(batch(1, 40))).group(List.of(List.of(frames)));
    byte[] torn = image.bytes();
    Arrays.fill(torn, image.offset(1), image.offset(1) + 64, (byte) 0);
    int sectorEnd = (image.offset(1) / SECTOR + 1) * SECTOR;
    Arrays.fill(torn, image.offset(1), sectorEnd, (byte) 0);

    assertCut(image, torn, 1, "a record of frames");
  }

  @Test
  void whatIsCutIsGoneForGoodAndItsPlaceIsUsedAgain() throws IOException {
    Image image = image(2_000);
    byte[] torn = image.bytes();
    int hole = image.offset(3) / SECTOR * SECTOR + SECTOR;
    Arrays.fill(torn, hole, hole + SECTOR, (byte) 0);
    CrashDisk disk = image.with(torn);

    try (Log log = JournalLog.open(Image.settings(), disk)) {
      append(log, "in its place");
    }
    byte[] after = disk.read(Image.FILE);
    int end = image.offset(3) + 32 + 16 + 8 + 40;
    assertThat(Arrays.copyOfRange(after, end, after.length)).containsOnly(0);
    try (Log log = JournalLog.open(Image.settings(), disk)) {
      assertThat(readToTail(log, Log.START)).hasSize(7);
    }
  }

  private void assertEveryFlipIsRefused(Image image, int batch) throws IOException {
    for (int at = image.offset(batch); at < image.offset(batch + 1); at++) {
      byte[] damaged = image.bytes();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      String what = "byte " + at;
      assertRefused(image, damaged, what);
      assertThatThrownBy(() -> recover(image.with(damaged)))
          .hasMessageContaining("disk/" + Image.FILE)
          .hasMessageContaining("offset " + image.offset(batch) + ",")
          .hasMessageContaining("position " + image.position(batch) + ":");
    }
  }

  private static void assertRefused(Image image, byte[] damaged, String what) {
    CrashDisk disk = image.with(damaged);
    assertThatThrownBy(() -> recover(disk)).as(what).isInstanceOf(LogException.Corrupt.class);
    assertThat(disk.read(Image.FILE)).as("nothing is changed").isEqualTo(damaged);
  }

  // Recovers what the batches before `kept` hold, and the rest is zero.
  private static void assertCut(Image image, byte[] torn, int kept, String what)
      throws IOException {
    CrashDisk disk = image.with(torn);
    Recovery.Recovered found = recover(disk);
    assertThat(found.state().tail()).as(what).isEqualTo(image.position(kept));
    assertThat(found.offset()).as(what).isEqualTo(image.offset(kept));
    byte[] expected = image.bytes();
    Arrays.fill(expected, image.offset(kept), expected.length, (byte) 0);
    assertThat(disk.read(Image.FILE)).as(what).isEqualTo(expected);
    disk.powerCycle();
    assertThat(disk.read(Image.FILE)).as("the cut is durable").isEqualTo(expected);
  }

  private static Recovery.Recovered recover(CrashDisk disk) throws IOException {
    Recovery.Recovered found = Recovery.recover(disk, Image.settings());
    found.file().close();
    return found;
  }
}
