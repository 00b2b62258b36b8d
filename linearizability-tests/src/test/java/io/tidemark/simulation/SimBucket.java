package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.ObjectStore.Creation;
import io.tidemark.log.s3.ObjectStore.Page;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an object store holds, on a machine of its own that never loses anything: each request that
/// arrives takes effect at once and alone.
final class SimBucket {
  private static final int PAGE_KEYS_MAX = 20;

  private final SimNode node;
  private final SimRandom random;
  private final TreeMap<String, Bytes> objects = new TreeMap<>();
  private final Watcher watcher;
  private boolean busy;

  /// Sees what becomes of a bucket, at once.
  interface Watcher {
    /// Sees nothing.
    Watcher NONE = new Watcher() {};

    /// An object was created.
    default void created(String key, Bytes body) {}

    /// These were deleted, as far as they were there.
    default void deleted(List<String> keys) {}
  }

  SimBucket(SimNode node, String name, Watcher watcher) {
    this.node = node;
    this.random = node.world().random(name);
    this.watcher = watcher;
  }

  SimNode node() {
    return node;
  }

  /// From here on every request is told to come back later, or none is.
  void setBusy(boolean isBusy) {
    busy = isBusy;
  }

  boolean isBusy() {
    return busy;
  }

  /// How many objects there are.
  int size() {
    return objects.size();
  }

  Creation putIfAbsent(String key, Bytes body) {
    node.world().trace().add(Trace.Kind.DISK, "put " + key, body.length());
    if (objects.containsKey(key)) {
      return new Creation.Exists();
    }
    objects.put(key, body);
    watcher.created(key, body);
    return new Creation.Created();
  }

  Optional<Bytes> get(String key) {
    node.world().trace().add(Trace.Kind.DISK, "get " + key, objects.containsKey(key) ? 1 : 0);
    return Optional.ofNullable(objects.get(key));
  }

  /// Some of the objects, in any order; those behind `after`, each on one page.
  Page list(String prefix, Optional<String> after) {
    node.world().trace().add(Trace.Kind.DISK, "list " + prefix, objects.size());
    var keys = new ArrayList<String>();
    Optional<String> next = Optional.empty();
    for (String key : objects.tailMap(after.orElse(prefix), after.isEmpty()).keySet()) {
      if (!key.startsWith(prefix)) {
        break;
      }
      if (keys.size() == PAGE_KEYS_MAX) {
        next = Optional.of(keys.getLast());
        break;
      }
      keys.add(key);
    }
    for (int i = keys.size() - 1; i > 0; i--) {
      keys.set(i, keys.set(random.nextInt(i + 1), keys.get(i)));
    }
    return new Page(keys, next);
  }

  void delete(List<String> keys) {
    for (String key : keys) {
      node.world().trace().add(Trace.Kind.DISK, "delete " + key, 0);
      objects.remove(key);
    }
    watcher.deleted(keys);
  }

  /// All that it holds, as of now, without a request.
  SortedMap<String, Bytes> objects() {
    return Collections.unmodifiableSortedMap(objects);
  }
}
