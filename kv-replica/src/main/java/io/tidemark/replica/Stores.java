package io.tidemark.replica;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.CheckpointAddress;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Seams;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.log.s3.S3Options;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Opens the store of checkpoints: each agent has one of its own, on the same connections.
final class Stores {
  private final ObjectStore objects;
  private final Function<String, ObjectStore> foreign;
  private final Seams seams;

  private Stores(ObjectStore objects, Function<String, ObjectStore> foreign, Seams seams) {
    this.objects = objects;
    this.foreign = foreign;
    this.seams = seams;
  }

  /// @param owned closes what is opened here
  static Stores of(CheckpointConfig.Store store, Environment environment, Owned owned) {
    var seams = new Seams(environment.clock(), environment.timers(), environment.random());
    return switch (store) {
      case CheckpointConfig.Store.Given(ObjectStore objects) ->
          new Stores(objects, text -> foreign(text, S3Options.DEFAULT), seams);
      case CheckpointConfig.Store.Owned(CheckpointAddress address) -> {
        S3Options options =
            switch (address) {
              case CheckpointAddress.Directory _ -> S3Options.DEFAULT;
              case CheckpointAddress.Bucket(var place) -> place.options();
            };
        yield new Stores(
            owned.add(address.open(), ObjectStore::close), text -> foreign(text, options), seams);
      }
    };
  }

  private static ObjectStore foreign(String address, S3Options options) {
    return CheckpointAddress.parse(address, options).open();
  }

  /// The checkpoints of this log, for one thread.
  CheckpointStore open(UUID logId) throws InterruptedException {
    return CheckpointStore.open(new Lent(objects), seams, foreign, Optional.of(logId));
  }

  @Override
  public String toString() {
    return objects.toString();
  }

  /// Objects whose connections stay open.
  private record Lent(ObjectStore objects) implements ObjectStore {
    @Override
    public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
      return objects.putIfAbsent(key, body);
    }

    @Override
    public CompletableFuture<Optional<Bytes>> get(String key) {
      return objects.get(key);
    }

    @Override
    public CompletableFuture<Page> list(String prefix, Optional<String> after) {
      return objects.list(prefix, after);
    }

    @Override
    public CompletableFuture<Void> delete(List<String> keys) {
      return objects.delete(keys);
    }

    @Override
    public String toString() {
      return objects.toString();
    }

    @Override
    public void close() {}
  }
}
