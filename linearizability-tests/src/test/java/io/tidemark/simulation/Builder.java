package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.CheckpointException;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Installation;
import io.tidemark.checkpoint.Pin;
import io.tidemark.checkpoint.ProgressListener;
import io.tidemark.checkpoint.Seams;
import io.tidemark.log.Log;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Snapshot;
import io.tidemark.statemachine.ViewStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// Builds a view from the store of checkpoints now and then, as a replica would that has nothing,
/// where nothing comes between, and looks whether the log goes on from there.
final class Builder {
  private static final long GAP_MILLIS_MIN = 2_000;
  private static final long GAP_MILLIS_MAX = 10_000;

  private final Cluster cluster;
  private final CheckpointNode checkpoints;
  private final SimNode.Life life;
  private final SimRandom random;
  private boolean over;

  Builder(Cluster cluster, CheckpointNode checkpoints) {
    this.cluster = cluster;
    this.checkpoints = checkpoints;
    this.life = cluster.world().node("builder").life();
    this.random = cluster.world().random("builder");
  }

  /// Begins to build.
  void start() {
    life.spawn("builder", this::run);
  }

  /// Builds no more.
  void stop() {
    over = true;
  }

  private void run() {
    while (!over) {
      life.sleepNanos(random.nanosBetween(GAP_MILLIS_MIN, GAP_MILLIS_MAX));
      if (!over && cluster.operator().isConnected()) {
        build();
      }
    }
  }

  /// Builds a view. Blocks.
  void build() {
    long trimPoint = cluster.operator().trimPoint();
    try (CheckpointStore store = open()) {
      var best = store.catalogue().best();
      if (best.isEmpty()) {
        cluster.evidence().built.add(new Evidence.Built(trimPoint, Log.START, Map.of()));
        return;
      }
      Pin pin = store.pin(best.get().position(), "builder");
      cluster
          .evidence()
          .built
          .add(new Evidence.Built(trimPoint, best.get().position(), install(store, pin)));
      pin.release();
    } catch (CheckpointException.Unusable _) {
      // There is no store yet.
      cluster.evidence().built.add(new Evidence.Built(trimPoint, Log.START, Map.of()));
    } catch (CheckpointException wrong) {
      cluster.evidence().brokenCheckpoints.add("no replica can be built: " + wrong.getMessage());
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts", e);
    }
  }

  private CheckpointStore open() throws InterruptedException {
    var seams = new Seams(life.node().clock(), life.timers(), random);
    return CheckpointStore.openExisting(new Whole(checkpoints.bucket()), seams);
  }

  private static Map<Bytes, KeyValue> install(CheckpointStore store, Pin pin)
      throws InterruptedException {
    var contents = new TreeMap<Bytes, KeyValue>();
    try {
      Path scratch = ReplicaDisk.makeDirectory();
      try {
        Path directory = scratch.resolve("view");
        new Installation(store, pin.manifest(), ViewStore::open, List.of())
            .installAndVerify(directory, ProgressListener.NONE, Digests.Pace.FULL);
        try (var view = ViewStore.open(directory);
            var snapshot = view.snapshot();
            var cursor = snapshot.scan(KeyRange.ALL, Snapshot.Direction.FORWARD)) {
          while (cursor.next()) {
            contents.put(cursor.key(), cursor.keyValue());
          }
        }
      } finally {
        ReplicaDisk.remove(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }

  /// A store of which each request is answered at once.
  private record Whole(SimBucket bucket) implements ObjectStore {
    @Override
    public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
      return CompletableFuture.completedFuture(bucket.putIfAbsent(key, body));
    }

    @Override
    public CompletableFuture<Optional<Bytes>> get(String key) {
      return CompletableFuture.completedFuture(bucket.get(key));
    }

    @Override
    public CompletableFuture<Page> list(String prefix, Optional<String> after) {
      return CompletableFuture.completedFuture(bucket.list(prefix, after));
    }

    @Override
    public CompletableFuture<Void> delete(List<String> keys) {
      bucket.delete(keys);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
  }
}
