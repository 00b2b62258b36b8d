package io.tidemark.replica;

import static io.tidemark.replica.TestParts.eventually;
import static io.tidemark.replica.TestParts.soon;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.Catalogue;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Fold;
import io.tidemark.checkpoint.ProgressListener;
import io.tidemark.checkpoint.Seams;
import io.tidemark.log.Log;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.Digests.Digested;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.RocksView;
import io.tidemark.statemachine.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/// A log, a store of checkpoints, and replicas with views on the disk, in the test's time.
final class CheckpointWorld implements AutoCloseable {
  /// Every so many bytes of log a checkpoint is due: some 60 writes of [#write].
  static final long EVERY_BYTES = 8_000;

  static final UUID LOG_ID = new UUID(7, 7);

  final MemoryLog log = new MemoryLog(LOG_ID);
  final MemoryObjects objects = new MemoryObjects();
  final ManualTime time = new ManualTime();
  private final Path directory;
  private final List<Replica> open = new ArrayList<>();
  private int written;

  CheckpointWorld(Path directory) {
    this.directory = directory;
  }

  CheckpointConfig config() {
    return CheckpointConfig.of(objects)
        .withEvery(EVERY_BYTES, Duration.ofDays(365))
        .withRetention(0, Duration.ZERO)
        .withPatience(Duration.ofSeconds(6))
        .withDigestShare(1)
        .withInstallBytes(1_000);
  }

  Path view(String name) {
    return directory.resolve(name);
  }

  Replica open(String name) {
    return open(name, log, config());
  }

  Replica open(String name, Log through, CheckpointConfig config) {
    Replica replica =
        Replica.open(
            TestParts.config(view(name), through, time).withCheckpoints(config.withName(name)));
    open.add(replica);
    return replica;
  }

  void close(Replica replica) {
    open.remove(replica);
    replica.close();
  }

  /// Writes so many times, about 130 bytes of log each; now and then a key is written again.
  void write(Replica through, int times) {
    for (int i = 0; i < times; i++) {
      written++;
      soon(
          through.put(
              Bytes.utf8("key-" + written % 97), Bytes.utf8("value-%0100d".formatted(written))));
    }
  }

  /// Writes until the next checkpoint is due.
  void writeUntilDue(Replica through) {
    write(through, 70);
  }

  /// Lets time pass until something holds that the replicas' threads bring about meanwhile.
  void passUntil(BooleanSupplier holds) {
    eventually(() -> {
      time.pass(Duration.ofMillis(100));
      return holds.getAsBoolean();
    });
  }

  /// What the store holds, seen by somebody else.
  Catalogue catalogue() {
    try (var store =
        CheckpointStore.open(objects, new Seams(time, time, new SplittableRandom(1)), LOG_ID)) {
      return store.catalogue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  List<Long> verified() {
    return catalogue().verified().stream().map(one -> one.position()).toList();
  }

  /// Writes, and waits until there is one more verified checkpoint than before.
  void nextVerified(Replica through) {
    long newest = newestVerified();
    writeUntilDue(through);
    passUntil(() -> newestVerified() > newest);
  }

  private long newestVerified() {
    return catalogue().newestVerified().map(one -> one.position()).orElse(0L);
  }

  /// What the log's records come to, folded by nobody but the test; the log must be whole.
  Digested folded(long upTo) {
    Path aside = directory.resolve("aside-" + upTo);
    try (var view = RocksView.open(aside, RocksView.MEMORY_BYTES_MIN)) {
      Fold.fold(log, view, new Fold.Until.Position(upTo), ProgressListener.NONE);
      return Fold.digest(view, Digests.Pace.FULL);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// All that a replica holds for its users once it is caught up.
  static List<KeyValue> contents(Replica replica) {
    var found = new ArrayList<KeyValue>();
    try (Snapshot snapshot =
            soon(replica.snapshot(ReadConsistency.LINEARIZABLE, Duration.ofMinutes(1)));
        var cursor = snapshot.scan(KeyRange.ALL, Snapshot.Direction.FORWARD)) {
      while (cursor.next()) {
        found.add(cursor.keyValue());
      }
    }
    return found;
  }

  long trimPoint() {
    return soon(log.describe()).trimPoint();
  }

  @Override
  public void close() {
    open.forEach(Replica::close);
  }
}
