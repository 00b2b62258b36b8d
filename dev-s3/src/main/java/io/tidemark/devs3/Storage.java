package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// Where the objects are.
///
/// Every call may be made from any thread and returns at once; what needs a disk completes later. A
/// future that fails with an [S3Exception] had no effect, unless that is an internal error: then
/// nobody knows.
sealed interface Storage extends AutoCloseable permits MemoryStorage, DirectoryStorage {
  /// An object with its body.
  record Stored(ObjectInfo info, Bytes body) {}

  /// Stores an object if the condition holds, at one point in time, and durably before it
  /// completes.
  ///
  /// @param info its serial is of no interest: the storage gives it one
  CompletableFuture<Void> put(String bucket, ObjectInfo info, Bytes body, Condition condition);

  /// The object as it is; nothing where there is none.
  CompletableFuture<Optional<Stored>> get(String bucket, Bytes key);

  /// Deletes the objects that there are, each if the condition holds.
  CompletableFuture<Void> delete(String bucket, List<Bytes> keys, Condition condition);

  /// What is in a bucket, by key: a live view to read from.
  ///
  /// @throws S3Exception if there is no such bucket
  NavigableMap<Bytes, ObjectInfo> objects(String bucket);

  /// Makes a bucket, durably; says whether there was none of that name.
  boolean createBucket(String bucket);

  /// The names of all buckets.
  Set<String> buckets();

  @Override
  void close();
}
