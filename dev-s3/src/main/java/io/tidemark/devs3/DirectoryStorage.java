package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Objects as files in a directory, each there for good before its request is answered.
///
/// ```text
///   DIR/LOCK                        one process at a time
///   DIR/buckets/NAME/objects/HASH   one object: see ObjectFile
///   DIR/buckets/NAME/new/NUMBER     one that is being written: forgotten at the next start
/// ```
///
/// A body is written to `new` and forced to the disk by one of several threads; then the
/// [Committer] decides its condition, gives it its name and forces the directory, once for all that
/// wait. Only then is it shown to readers. So a name never leads to half an object, and nothing is
/// seen that could be lost again.
final class DirectoryStorage implements Storage {
  private static final int WRITERS = 8;
  private static final int QUEUE_MAX = 4_096;

  /// A bucket: its directories, and what is in it as readers see it. Equal to itself alone,
  /// whatever comes in.
  static final class Bucket {
    private final String name;
    private final Path objects;
    private final Path fresh;
    private final ConcurrentSkipListMap<Bytes, ObjectInfo> infos = new ConcurrentSkipListMap<>();

    Bucket(Path path) {
      name = path.getFileName().toString();
      objects = path.resolve("objects");
      fresh = path.resolve("new");
    }

    String name() {
      return name;
    }

    Path objects() {
      return objects;
    }

    Path fresh() {
      return fresh;
    }

    ConcurrentSkipListMap<Bytes, ObjectInfo> infos() {
      return infos;
    }
  }

  private final Path dir;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
  private final AtomicLong serials = new AtomicLong();
  private final ThreadPoolExecutor writers;
  private final Committer committer;

  private DirectoryStorage(Path dir, FileChannel lockFile, FileLock lock) {
    this.dir = dir;
    this.lockFile = lockFile;
    this.lock = lock;
    writers =
        new ThreadPoolExecutor(
            WRITERS,
            WRITERS,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(QUEUE_MAX),
            Thread.ofPlatform().daemon().name("dev-s3-files-", 0).factory());
    committer = new Committer();
  }

  /// Opens the directory, making it where there is none.
  ///
  /// @throws IOException if it cannot be used, another process uses it, or an object is damaged
  static DirectoryStorage open(Path dir) throws IOException {
    Files.createDirectories(dir.resolve("buckets"));
    var lockFile =
        FileChannel.open(dir.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = lock(lockFile);
    if (lock == null) {
      lockFile.close();
      throw new IOException("another process uses the directory " + dir);
    }
    var storage = new DirectoryStorage(dir, lockFile, lock);
    try {
      storage.load();
      return storage;
    } catch (IOException | RuntimeException failure) {
      storage.close();
      throw failure;
    }
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException thisProcess) {
      return null;
    }
  }

  private void load() throws IOException {
    Committer.force(dir);
    Committer.force(dir.resolve("buckets"));
    try (Stream<Path> found = Files.list(dir.resolve("buckets"))) {
      for (Path path : found.toList()) {
        // One without a name for objects was being made when the process ended.
        Bucket bucket = make(path);
        try (Stream<Path> leftovers = Files.list(bucket.fresh())) {
          for (Path leftover : leftovers.toList()) {
            Files.delete(leftover);
          }
        }
        try (Stream<Path> objects = Files.list(bucket.objects())) {
          objects.forEach(file -> load(bucket, file));
        } catch (UncheckedIOException failure) {
          throw failure.getCause();
        }
        buckets.put(bucket.name(), bucket);
      }
    }
  }

  private void load(Bucket bucket, Path file) {
    try {
      ObjectInfo info = ObjectFile.readInfo(file);
      if (!file.endsWith(ObjectFile.nameOf(info.key()))) {
        throw new IOException(file + " is not named as its key asks for");
      }
      bucket.infos().put(info.key(), info);
      serials.accumulateAndGet(info.serial(), Math::max);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Bucket make(Path path) throws IOException {
    var bucket = new Bucket(path);
    Files.createDirectories(bucket.objects());
    Files.createDirectories(bucket.fresh());
    Committer.force(path);
    return bucket;
  }

  @Override
  public CompletableFuture<Void> put(
      String bucket, ObjectInfo info, Bytes body, Condition condition) {
    Bucket in = bucket(bucket);
    // What readers see is there for good: no need to write what would be refused.
    var refusal =
        condition instanceof Condition.IfAbsent
            ? condition.refusal(Optional.ofNullable(in.infos().get(info.key())))
            : Optional.<S3Error>empty();
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(new S3Exception(refusal.get()));
    }
    long serial = serials.incrementAndGet();
    var numbered =
        new ObjectInfo(
            info.key(), serial, body.length(), info.etag(), info.modifiedMillis(), info.headers());
    Path file = in.fresh().resolve(Long.toString(serial));
    return onWriter(() -> write(file, numbered, body))
        .thenCompose(_ -> committer.put(in, file, numbered, condition));
  }

  private static void write(Path file, ObjectInfo info, Bytes body) throws IOException {
    try {
      ObjectFile.write(file, info, body);
    } catch (IOException failure) {
      Files.deleteIfExists(file);
      throw failure;
    }
  }

  @Override
  public CompletableFuture<Optional<Stored>> get(String bucket, Bytes key) {
    Bucket in = bucket(bucket);
    ObjectInfo info = in.infos().get(key);
    if (info == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    var read = new CompletableFuture<Optional<Stored>>();
    return onWriter(() -> read.complete(read(in, info)))
        .thenCompose(_ -> read)
        // A change is under way and not yet to be seen: look again when it is.
        .thenCompose(found ->
            found.isPresent()
                ? CompletableFuture.completedFuture(found)
                : committer.settled().thenCompose(_ -> get(bucket, key)));
  }

  /// The object if its file is still the one that readers are to see.
  private static Optional<Stored> read(Bucket bucket, ObjectInfo info) throws IOException {
    try {
      Stored stored = ObjectFile.read(bucket.objects().resolve(ObjectFile.nameOf(info.key())));
      return stored.info().serial() == info.serial() ? Optional.of(stored) : Optional.empty();
    } catch (NoSuchFileException deleted) {
      return Optional.empty();
    }
  }

  @Override
  public CompletableFuture<Void> delete(String bucket, List<Bytes> keys, Condition condition) {
    return committer.delete(bucket(bucket), List.copyOf(keys), condition);
  }

  @Override
  public NavigableMap<Bytes, ObjectInfo> objects(String bucket) {
    return bucket(bucket).infos();
  }

  @Override
  public synchronized boolean createBucket(String name) {
    if (buckets.containsKey(name)) {
      return false;
    }
    try {
      Bucket bucket = make(dir.resolve("buckets").resolve(name));
      Committer.force(dir.resolve("buckets"));
      buckets.put(name, bucket);
      return true;
    } catch (IOException failure) {
      throw new S3Exception(S3Error.INTERNAL_ERROR, "the disk failed: " + failure);
    }
  }

  @Override
  public Set<String> buckets() {
    return new TreeSet<>(buckets.keySet());
  }

  @Override
  public void close() {
    writers.shutdown();
    committer.close();
    try {
      lock.release();
      lockFile.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Bucket bucket(String name) {
    Bucket bucket = buckets.get(name);
    if (bucket == null) {
      throw new S3Exception(S3Error.NO_SUCH_BUCKET);
    }
    return bucket;
  }

  /// Something that touches a file.
  private interface FileTask {
    void run() throws IOException;
  }

  private CompletableFuture<Void> onWriter(FileTask task) {
    var done = new CompletableFuture<Void>();
    try {
      writers.execute(() -> {
        try {
          task.run();
          done.complete(null);
        } catch (IOException | RuntimeException failure) {
          done.completeExceptionally(
              new S3Exception(S3Error.INTERNAL_ERROR, "the disk failed: " + failure));
        }
      });
    } catch (RejectedExecutionException full) {
      done.completeExceptionally(new S3Exception(S3Error.SLOW_DOWN));
    }
    return done;
  }
}
