package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.journal.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimDiskTest {
  @Test
  void whatWasForcedSurvivesAndTheRestSurvivesOrNot() {
    Set<String> left = new HashSet<>();
    for (long seed = 0; seed < 40; seed++) {
      left.add(leftAfterCrash(seed));
    }
    assertThat(left).contains("forced....", "forced+one", "no file").hasSize(3);
  }

  private static String leftAfterCrash(long seed) {
    var left = new StringBuilder();
    inWorld(
        seed,
        new SimDisk.Temper(0, 50, 0),
        disk -> {
          StorageFile file = disk.create("file");
          write(file, "forced....", 0);
          file.force();
          write(file, "+one", 6);
          disk.crash();
          left.append(disk.list().isEmpty() ? "no file" : read(disk.open("file")));
        });
    return left.toString();
  }

  @Test
  void namesThatWereSyncedSurvive() {
    for (long seed = 0; seed < 20; seed++) {
      inWorld(
          seed,
          new SimDisk.Temper(0, 50, 0),
          disk -> {
            disk.create("one");
            disk.sync();
            disk.rename("one", "two");
            disk.sync();
            disk.crash();
            assertThat(disk.list()).containsExactly("two");
          });
    }
  }

  @Test
  void aTornWriteIsCutAtSectors() {
    Set<String> left = new HashSet<>();
    for (long seed = 0; seed < 60; seed++) {
      inWorld(
          seed,
          new SimDisk.Temper(0, 100, 100),
          disk -> {
            StorageFile file = disk.create("file");
            write(file, "a".repeat(1024), 0);
            file.force();
            disk.sync();
            write(file, "b".repeat(1024), 0);
            disk.crash();
            String found = read(disk.open("file"));
            left.add(found.substring(0, 1) + found.substring(512, 513));
            assertThat(found.substring(0, 512).chars().distinct().count()).isEqualTo(1);
            assertThat(found.substring(512).chars().distinct().count()).isEqualTo(1);
          });
    }
    assertThat(left).containsExactlyInAnyOrder("aa", "ab", "ba", "bb");
  }

  @Test
  void afterAFailedForceTheNextSucceedsAndTheBytesAreLostAllTheSame() {
    inWorld(
        1,
        new SimDisk.Temper(0, 100, 0),
        disk -> {
          StorageFile file = disk.create("file");
          write(file, "old", 0);
          file.force();
          disk.sync();
          write(file, "new", 0);
          disk.failNextForce();
          assertThatThrownBy(file::force).isInstanceOf(IOException.class);
          file.force();
          assertThat(read(file)).isEqualTo("new");
          disk.crash();
          assertThat(read(disk.open("file"))).isEqualTo("old");
        });
  }

  @Test
  void aFullDiskTakesNothingThatMakesAFileLonger() {
    inWorld(
        1,
        new SimDisk.Temper(0, 100, 0),
        disk -> {
          StorageFile file = disk.create("file");
          write(file, "0123456789", 0);
          disk.setFull(true);
          write(file, "abc", 2);
          assertThatThrownBy(() -> write(file, "abc", 9))
              .isInstanceOf(IOException.class)
              .hasMessageContaining("No space left");
          disk.setFull(false);
          write(file, "abc", 9);
          assertThat(read(file)).isEqualTo("01abc5678abc");
        });
  }

  @Test
  void twoWhoForceAtOnceEachForceWhatWasThereWhenTheyBegan() {
    for (long seed = 0; seed < 20; seed++) {
      var world = new SimWorld(seed, new Trace(), 0);
      SimNode node = world.node("one");
      var disk = new SimDisk(node, new SimDisk.Temper(2_000_000, 0, 0));
      world.run(
          Duration.ofMinutes(1),
          100_000,
          () -> {
            StorageFile file = disk.create("first");
            disk.create("second");
            node.spawn("one", () -> force(disk, file, "abc"));
            node.spawn("other", () -> force(disk, file, "abc"));
            world.director().life().sleep(Duration.ofSeconds(1));
            disk.create("third");
            disk.crash();
          });
      assertThat(world.problems()).isEmpty();
      assertThat(disk.list()).containsExactlyInAnyOrder("first", "second");
      assertThat(disk.durable("first")).asString().isEqualTo("abc");
    }
  }

  private static void force(SimDisk disk, StorageFile file, String text) {
    try {
      write(file, text, 0);
      file.force();
      disk.sync();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private interface Work {
    void with(SimDisk disk) throws IOException;
  }

  private static void inWorld(long seed, SimDisk.Temper temper, Work work) {
    var world = new SimWorld(seed, new Trace(), 0);
    world.run(
        Duration.ofMinutes(1),
        100_000,
        () -> {
          try {
            work.with(new SimDisk(world.director(), temper));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(world.problems()).isEmpty();
  }

  private static void write(StorageFile file, String text, long offset) throws IOException {
    file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), offset);
  }

  private static String read(StorageFile file) throws IOException {
    var all = ByteBuffer.allocate((int) file.size());
    file.read(all, 0);
    return new String(all.array(), StandardCharsets.US_ASCII);
  }
}
