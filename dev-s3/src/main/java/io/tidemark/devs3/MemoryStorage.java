package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// Objects that are gone with the process.
final class MemoryStorage implements Storage {
  private static final class Bucket {
    final ConcurrentSkipListMap<Bytes, ObjectInfo> infos = new ConcurrentSkipListMap<>();
    final ConcurrentHashMap<Bytes, Stored> objects = new ConcurrentHashMap<>();
  }

  private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

  @Override
  public CompletableFuture<Void> put(
      String bucket, ObjectInfo info, Bytes body, Condition condition) {
    Bucket in = bucket(bucket);
    synchronized (in) {
      var refusal = condition.refusal(Optional.ofNullable(in.infos.get(info.key())));
      if (refusal.isPresent()) {
        return CompletableFuture.failedFuture(new S3Exception(refusal.get()));
      }
      in.objects.put(info.key(), new Stored(info, body));
      in.infos.put(info.key(), info);
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Optional<Stored>> get(String bucket, Bytes key) {
    return CompletableFuture.completedFuture(Optional.ofNullable(bucket(bucket).objects.get(key)));
  }

  @Override
  public CompletableFuture<Void> delete(String bucket, List<Bytes> keys, Condition condition) {
    Bucket in = bucket(bucket);
    synchronized (in) {
      for (Bytes key : keys) {
        var refusal = condition.refusal(Optional.ofNullable(in.infos.get(key)));
        if (refusal.isPresent()) {
          return CompletableFuture.failedFuture(new S3Exception(refusal.get()));
        }
        in.infos.remove(key);
        in.objects.remove(key);
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public NavigableMap<Bytes, ObjectInfo> objects(String bucket) {
    return bucket(bucket).infos;
  }

  @Override
  public boolean createBucket(String bucket) {
    return buckets.putIfAbsent(bucket, new Bucket()) == null;
  }

  @Override
  public Set<String> buckets() {
    return new TreeSet<>(buckets.keySet());
  }

  @Override
  public void close() {
    // Nothing is open.
  }

  private Bucket bucket(String name) {
    Bucket bucket = buckets.get(name);
    if (bucket == null) {
      throw new S3Exception(S3Error.NO_SUCH_BUCKET);
    }
    return bucket;
  }
}
