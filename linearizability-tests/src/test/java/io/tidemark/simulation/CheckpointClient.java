package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The store of checkpoints as one replica uses it; each request is a step of its work, at which
/// its machine may be made to crash.
final class CheckpointClient implements ObjectStore {
  private final ObjectStore store;
  private final ReplicaDisk.Events events;

  CheckpointClient(ObjectStore store, ReplicaDisk.Events events) {
    this.store = store;
    this.events = events;
  }

  @Override
  public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
    events.step("put " + key);
    return store.putIfAbsent(key, body);
  }

  @Override
  public CompletableFuture<Optional<Bytes>> get(String key) {
    events.step("get " + key);
    return store.get(key);
  }

  @Override
  public CompletableFuture<Page> list(String prefix, Optional<String> after) {
    events.step("list " + prefix);
    return store.list(prefix, after);
  }

  @Override
  public CompletableFuture<Void> delete(List<String> keys) {
    events.step("delete");
    return store.delete(keys);
  }

  @Override
  public void close() {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
