package io.tidemark.replica;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.log.s3.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Objects in memory, shared by the replicas of a test, which may be away or damaged.
final class MemoryObjects implements ObjectStore {
  private final TreeMap<String, Bytes> objects = new TreeMap<>();
  private Predicate<String> away = _ -> false;

  /// How often a request was answered with a failure.
  final AtomicInteger failed = new AtomicInteger();

  /// Requests about keys that begin so find nobody, from now on.
  synchronized void setAway(Predicate<String> keys) {
    away = keys;
  }

  synchronized List<String> keys(String prefix) {
    return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  /// Flips a bit of every object whose key begins so; returns how many there are.
  synchronized int damage(String prefix) {
    List<String> keys = keys(prefix);
    for (String key : keys) {
      objects.computeIfPresent(
          key,
          (_, object) -> {
            byte[] bytes = object.toArray();
            bytes[bytes.length / 2] ^= 1;
            return Bytes.wrap(bytes);
          });
    }
    return keys.size();
  }

  @Override
  public synchronized CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
    if (isAway(key)) {
      return CompletableFuture.completedFuture(new Creation.Undecided("away", false));
    }
    return CompletableFuture.completedFuture(
        objects.putIfAbsent(key, body) == null ? new Creation.Created() : new Creation.Exists());
  }

  @Override
  public synchronized CompletableFuture<Optional<Bytes>> get(String key) {
    return isAway(key)
        ? unavailable()
        : CompletableFuture.completedFuture(Optional.ofNullable(objects.get(key)));
  }

  @Override
  public synchronized CompletableFuture<Page> list(String prefix, Optional<String> after) {
    return isAway(prefix)
        ? unavailable()
        : CompletableFuture.completedFuture(new Page(keys(prefix), Optional.empty()));
  }

  @Override
  public synchronized CompletableFuture<Void> delete(List<String> keys) {
    if (keys.stream().anyMatch(this::isAway)) {
      return unavailable();
    }
    keys.forEach(objects::remove);
    return CompletableFuture.allOf();
  }

  private boolean isAway(String key) {
    boolean gone = away.test(key);
    if (gone) {
      failed.incrementAndGet();
    }
    return gone;
  }

  private static <T> CompletableFuture<T> unavailable() {
    return CompletableFuture.failedFuture(new StoreException.Unavailable("away", false));
  }

  @Override
  public String toString() {
    return "memory";
  }

  @Override
  public void close() {}
}
