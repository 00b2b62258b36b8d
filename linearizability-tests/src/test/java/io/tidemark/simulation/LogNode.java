package io.tidemark.simulation;

import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Tail;
import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.log.s3.SlotLog;
import io.tidemark.log.s3.SlotLogConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The machine of the log, with its disk.
final class LogNode {
  private static final UUID LOG_ID = new UUID(0x7469_6465_6d61_726bL, 1);
  private static final int RECORD_BYTES_MAX = 1 << 17;

  /// Enough to prove that a store is fit to which every third request goes astray.
  private static final Duration OPEN_MAX = Duration.ofSeconds(15);

  private final SwarmConfig config;
  private final Plant plant;
  private final Evidence evidence;
  private final SimNode node;
  private final SimNet net;
  private final SimDisk disk;
  private final SimBucket bucket;
  private final SimLogHost host;
  private final @Nullable MemoryLog memory;
  private int slotLogs;
  private long crashesNoticed;
  private long tornNoticed;

  LogNode(SimWorld world, SwarmConfig config, Plant plant, Evidence evidence, SimNet net) {
    this.net = net;
    this.config = config;
    this.plant = plant;
    this.evidence = evidence;
    this.node = world.node("log");
    this.disk = new SimDisk(node, config.temper());
    this.host = new SimLogHost(node);
    this.memory = config.log() == SwarmConfig.LogKind.MEMORY ? new MemoryLog(LOG_ID) : null;
    this.bucket = new SimBucket(node, "bucket", SimBucket.Watcher.NONE);
  }

  SimNode node() {
    return node;
  }

  SimDisk disk() {
    return disk;
  }

  /// What the object store holds, where the log is in one.
  SimBucket bucket() {
    return bucket;
  }

  /// The log as it is used from elsewhere. Blocks where it must be found first.
  Log connect(SimNode.Life life) {
    return switch (config.log()) {
      case JOURNAL, MEMORY -> new SimRemoteLog(net, life, host, config.patience(), evidence.probes);
      case S3 -> plant.servedLog(slotLog(life));
    };
  }

  private Log slotLog(SimNode.Life life) {
    SwarmConfig.Slots slots = config.slots();
    SimRandom random = node.world().random("slot log of " + life.node() + ++slotLogs);
    while (true) {
      var seams =
          new SlotLogConfig.Seams(
              life.node().clock(),
              life.timers(),
              random,
              () -> new UUID(random.nextLong(), random.nextLong()));
      var settings =
          SlotLogConfig.of(seams)
              .withLimits(RECORD_BYTES_MAX, 2 * RECORD_BYTES_MAX, 1 << 16)
              .withQueue(config.queueMax(), 4 * RECORD_BYTES_MAX)
              .withTimeouts(config.patience().append(), OPEN_MAX)
              .withSending(Duration.ofMillis(slots.lingerMillis()), slots.inFlightMax())
              .withReading(
                  Duration.ofMillis(slots.pollMillis()),
                  Duration.ofMillis(10L * slots.pollMillis()),
                  config.recentBytes(),
                  slots.readAheadMax())
              .withTrimDelay(Duration.ofMillis(slots.trimMillis()));
      try {
        var store =
            new SimObjectStore("store", net, life, bucket, slots.mischief(), evidence.probes);
        return SlotLog.open(plant.store(store), settings);
      } catch (LogException.Unavailable _) {
        life.sleepNanos(50_000_000);
      }
    }
  }

  /// Begins to serve, as soon as the log is open.
  void start() {
    if (config.log() == SwarmConfig.LogKind.S3) {
      return;
    }
    node.spawn("open log", () -> host.serve(plant.servedLog(open())));
  }

  private Log open() {
    if (memory != null) {
      return memory;
    }
    SimNode.Life life = node.life();
    var settings =
        JournalConfig.of(Path.of("simulated"))
            .withSegmentBytes(config.segmentBytes())
            .withLimits(RECORD_BYTES_MAX, 2 * RECORD_BYTES_MAX)
            .withRecentBytes(config.recentBytes())
            .withQueue(config.queueMax(), 4 * RECORD_BYTES_MAX)
            .withSeams(life, () -> LOG_ID);
    while (true) {
      try {
        JournalLog log = JournalLog.open(settings, plant.disk(disk));
        notice();
        return log;
      } catch (LogException.Unavailable _) {
        // The disk is full or failed: an operator tries again.
        life.sleepNanos(50_000_000);
      } catch (LogException.Corrupt corrupt) {
        evidence.surprises.add("the journal refuses its disk: " + corrupt.getMessage());
        throw corrupt;
      }
    }
  }

  private void notice() {
    if (disk.crashes() > crashesNoticed) {
      evidence.probes.met(Probe.JOURNAL_RECOVERED);
      if (disk.torn() > tornNoticed) {
        evidence.probes.met(Probe.JOURNAL_RECOVERED_FROM_TORN_WRITE);
      }
    }
    crashesNoticed = disk.crashes();
    tornNoticed = disk.torn();
    if (disk.segments() > 1) {
      evidence.probes.met(Probe.SEGMENTS_FOLLOWED);
    }
  }

  /// Loses the power.
  void crash() {
    node.crash();
  }

  /// Comes back after a crash, with what the disk kept.
  void restart() {
    if (!node.isAlive()) {
      disk.crash();
      node.restart();
      start();
    }
  }

  /// Lets the log finish what it was given, and opens it again.
  void reopen() {
    Log open = host.log();
    if (open != null && config.journal() && node.isAlive()) {
      host.stop();
      node.spawn(
          "reopen log",
          () -> {
            open.close();
            host.serve(plant.servedLog(open()));
          });
    }
  }

  /// Ends the log, and reads all of it, from what was kept of what was trimmed on.
  CompletableFuture<Tail.Sealed> sealAndRead(List<LogRecord> records) {
    var done = new CompletableFuture<Tail.Sealed>();
    node.spawn(
        "audit",
        () -> {
          Log log = config.log() == SwarmConfig.LogKind.S3 ? connect(node.life()) : host.log();
          if (log == null) {
            done.completeExceptionally(new IllegalStateException("the log does not come back"));
            return;
          }
          Tail.Sealed sealed = log.seal().join();
          var found = new ArrayList<LogRecord>();
          long trimPoint = log.describe().join().trimPoint();
          evidence.archive.stream()
              .filter(record -> record.position() < trimPoint)
              .forEach(found::add);
          try (var reader = log.read(trimPoint)) {
            while (reader.position() < sealed.position()) {
              found.addAll(reader.next());
            }
          } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts", e);
          }
          records.addAll(found);
          done.complete(sealed);
        });
    return done;
  }
}
