package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.Precondition;
import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// One flipped bit anywhere on the disk of a journal that crashed: either the journal refuses to go
/// on where the damage is, or the bit was none that matters. Nothing is altered or lost unnoticed,
/// not even the last batch: a batch that tore has a sector without anything, which a flipped bit
/// does not look like.
class JournalDamageTest {
  private static final int SEEDS = 300;
  private static final int BATCHES = 40;

  private enum Ending {
    REFUSED,
    INTACT
  }

  @Test
  void aFlippedBitIsRefusedOrHarmless() {
    Map<Ending, Integer> endings = new EnumMap<>(Ending.class);
    for (long seed = 1; seed <= SEEDS; seed++) {
      endings.merge(ending(seed), 1, Integer::sum);
    }
    System.out.println("journals with one flipped bit: " + endings);
    assertThat(endings).containsOnlyKeys(Ending.values());
  }

  private static Ending ending(long seed) {
    var ending = new Ending[1];
    var world = new SimWorld(seed, new Trace(), 0);
    SimNode node = world.node("log");
    var disk = new SimDisk(node, new SimDisk.Temper(0, 100, 0));
    SimRandom random = world.random("damage");
    world.run(
        Duration.ofMinutes(10),
        1_000_000,
        () -> {
          List<List<Bytes>> written = new ArrayList<>();
          node.spawn("write", () -> write(node, disk, random, written));
          world.director().life().sleep(Duration.ofMinutes(1));
          assertThat(written).hasSize(BATCHES);
          node.crash();
          disk.crash();
          List<String> files = disk.list();
          disk.flip(random.oneOf(files), random.nextLong(8L << 14));
          node.restart();
          node.spawn("read", () -> ending[0] = read(node, disk, written));
          world.director().life().sleep(Duration.ofMinutes(1));
        });
    assertThat(world.problems()).as("seed %d", seed).isEmpty();
    return ending[0];
  }

  private static JournalLog open(SimNode node, SimDisk disk) {
    var config =
        JournalConfig.of(Path.of("simulated"))
            .withSegmentBytes(8192)
            .withRecentBytes(0)
            .withSeams(node.life(), () -> new UUID(1, 1));
    return JournalLog.open(config, disk);
  }

  private static void write(
      SimNode node, SimDisk disk, SimRandom random, List<List<Bytes>> written) {
    Log log = open(node, disk);
    for (int batch = 0; batch < BATCHES; batch++) {
      var records = new ArrayList<Bytes>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        records.add(Values.of(batch, "record" + i, random.nextInt(400)));
      }
      log.append(records, Precondition.NONE).join();
      written.add(records);
    }
  }

  private static Ending read(SimNode node, SimDisk disk, List<List<Bytes>> written) {
    var all = written.stream().flatMap(List::stream).toList();
    var found = new ArrayList<Bytes>();
    try {
      Log log = open(node, disk);
      long tail = log.checkTail().join().position();
      try (var reader = log.read(Log.START)) {
        while (found.size() + 1 < tail) {
          reader.next().forEach(record -> found.add(record.payload()));
        }
      }
    } catch (LogException.Corrupt | LogException.Unavailable refusal) {
      assertThat(found).isEqualTo(all.subList(0, found.size()));
      return Ending.REFUSED;
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts", e);
    }
    assertThat(found).isEqualTo(all);
    return Ending.INTACT;
  }
}
