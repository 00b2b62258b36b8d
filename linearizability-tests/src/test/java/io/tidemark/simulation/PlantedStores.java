package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.simulation.PlantedBugs.Bug;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The bugs of who uses an object store, planted between a log and its store.
final class PlantedStores {
  private PlantedStores() {}

  static List<Bug> all() {
    return List.of(
        new Bug(
            "M08",
            "takes every slot that is there already for its own",
            new Plant() {
              @Override
              public ObjectStore store(ObjectStore store) {
                return new AlwaysMine(store);
              }

              @Override
              public boolean canShow(SwarmConfig config) {
                return config.log() == SwarmConfig.LogKind.S3 && config.replicas() > 1;
              }
            },
            "I1",
            "I2",
            "contract of append"));
  }

  private record AlwaysMine(ObjectStore store) implements ObjectStore {
    @Override
    public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
      return store
          .putIfAbsent(key, body)
          .thenApply(creation ->
              key.startsWith("slots/") && creation instanceof Creation.Exists
                  ? new Creation.Created()
                  : creation);
    }

    @Override
    public CompletableFuture<Optional<Bytes>> get(String key) {
      return store.get(key);
    }

    @Override
    public CompletableFuture<Page> list(String prefix, Optional<String> after) {
      return store.list(prefix, after);
    }

    @Override
    public CompletableFuture<Void> delete(List<String> keys) {
      return store.delete(keys);
    }

    @Override
    public String toString() {
      return store.toString();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
