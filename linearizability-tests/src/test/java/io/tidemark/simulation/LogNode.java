package io.tidemark.simulation;

import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Tail;
import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;
import io.tidemark.log.memory.MemoryLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The machine of the log, with its disk.
final class LogNode {
  private static final UUID LOG_ID = new UUID(0x7469_6465_6d61_726bL, 1);
  private static final int RECORD_BYTES_MAX = 1 << 20;

  private final SwarmConfig config;
  private final Plant plant;
  private final Evidence evidence;
  private final SimNode node;
  private final SimDisk disk;
  private final SimLogHost host;
  private final @Nullable MemoryLog memory;

  LogNode(SimWorld world, SwarmConfig config, Plant plant, Evidence evidence) {
    this.config = config;
    this.plant = plant;
    this.evidence = evidence;
    this.node = world.node("log");
    this.disk = new SimDisk(node, config.temper());
    this.host = new SimLogHost(node);
    this.memory = config.journal() ? null : new MemoryLog(LOG_ID);
  }

  SimNode node() {
    return node;
  }

  SimDisk disk() {
    return disk;
  }

  SimLogHost host() {
    return host;
  }

  /// Begins to serve, as soon as the log is open.
  void start() {
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
        return JournalLog.open(settings, plant.disk(disk));
      } catch (LogException.Unavailable _) {
        // The disk is full or failed: an operator tries again.
        life.sleepNanos(50_000_000);
      } catch (LogException.Corrupt corrupt) {
        evidence.surprises.add("the journal refuses its disk: " + corrupt.getMessage());
        throw corrupt;
      }
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

  /// Ends the log, and reads all of it.
  CompletableFuture<Tail.Sealed> sealAndRead(List<LogRecord> records) {
    var done = new CompletableFuture<Tail.Sealed>();
    node.spawn(
        "audit",
        () -> {
          Log log = host.log();
          if (log == null) {
            done.completeExceptionally(new IllegalStateException("the log does not come back"));
            return;
          }
          Tail.Sealed sealed = log.seal().join();
          var found = new ArrayList<LogRecord>();
          try (var reader = log.read(Log.START)) {
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
