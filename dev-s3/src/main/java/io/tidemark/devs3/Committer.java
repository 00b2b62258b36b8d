package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import io.tidemark.devs3.DirectoryStorage.Bucket;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The one thread that gives files their names and takes them away.
///
/// It takes what waits, decides each change in order, forces each directory that was changed once,
/// and only then shows the changes to readers and completes their futures: refusals too, because
/// what they were refused for must be there for good before it is told. After a directory could not
/// be forced nobody knows what is on the disk, and nothing is changed any more.
final class Committer {
  private static final int QUEUE_MAX = 4_096;

  /// One change on its way.
  private sealed interface Change {
    CompletableFuture<Void> done();

    /// Gives a written file its name.
    record Put(
        Bucket bucket,
        Path file,
        ObjectInfo info,
        Condition condition,
        CompletableFuture<Void> done)
        implements Change {}

    /// Takes names away.
    record Delete(
        Bucket bucket, List<Bytes> keys, Condition condition, CompletableFuture<Void> done)
        implements Change {}

    /// Changes nothing: completes when all before it are shown.
    record Nothing(CompletableFuture<Void> done) implements Change {}

    /// The thread ends.
    record End(CompletableFuture<Void> done) implements Change {}
  }

  /// What one round has decided and not yet shown.
  private static final class Round {
    final Map<Bucket, Map<Bytes, Optional<ObjectInfo>>> decided = new HashMap<>();
    final Set<Path> changed = new LinkedHashSet<>();
    final Map<Change, S3Exception> refused = new HashMap<>();

    Optional<ObjectInfo> present(Bucket bucket, Bytes key) {
      var here = decided.getOrDefault(bucket, Map.of()).get(key);
      return here != null ? here : Optional.ofNullable(bucket.infos().get(key));
    }

    void decide(Bucket bucket, Bytes key, Optional<ObjectInfo> info) {
      decided.computeIfAbsent(bucket, _ -> new HashMap<>()).put(key, info);
      changed.add(bucket.objects());
    }

    void show() {
      decided.forEach((bucket, objects) ->
          objects.forEach((key, info) -> {
            if (info.isPresent()) {
              bucket.infos().put(key, info.get());
            } else {
              bucket.infos().remove(key);
            }
          }));
    }
  }

  private final BlockingQueue<Change> waiting = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Thread thread = Thread.ofPlatform().daemon().name("dev-s3-commit").start(this::run);
  private volatile @Nullable String failure;

  CompletableFuture<Void> put(Bucket bucket, Path file, ObjectInfo info, Condition condition) {
    return submit(new Change.Put(bucket, file, info, condition, new CompletableFuture<>()));
  }

  CompletableFuture<Void> delete(Bucket bucket, List<Bytes> keys, Condition condition) {
    return submit(new Change.Delete(bucket, keys, condition, new CompletableFuture<>()));
  }

  /// Completes when every change that waits now is shown.
  CompletableFuture<Void> settled() {
    return submit(new Change.Nothing(new CompletableFuture<>()));
  }

  /// Ends the thread after what waits.
  void close() {
    var end = new Change.End(new CompletableFuture<>());
    try {
      waiting.put(end);
      thread.join();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }

  /// Forces a directory's entries to the disk.
  static void force(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private CompletableFuture<Void> submit(Change change) {
    if (!waiting.offer(change)) {
      if (change instanceof Change.Put put) {
        // Left behind it would only be forgotten at the next start.
        var _ = put.file().toFile().delete();
      }
      change.done().completeExceptionally(new S3Exception(S3Error.SLOW_DOWN));
    }
    return change.done();
  }

  private void run() {
    var taken = new ArrayList<Change>();
    boolean ends = false;
    while (!ends) {
      taken.clear();
      try {
        taken.add(waiting.take());
      } catch (InterruptedException asked) {
        return;
      }
      waiting.drainTo(taken);
      commit(taken);
      ends = taken.stream().anyMatch(Change.End.class::isInstance);
    }
  }

  private void commit(List<Change> changes) {
    var round = new Round();
    for (Change change : changes) {
      if (failure == null) {
        try {
          apply(change, round);
        } catch (S3Exception refusal) {
          round.refused.put(change, refusal);
        } catch (IOException | RuntimeException broken) {
          // A name that was not given or taken may be there after all.
          failure = "the disk failed: " + broken;
        }
      }
    }
    try {
      for (Path directory : round.changed) {
        force(directory);
      }
    } catch (IOException broken) {
      failure = "the disk failed: " + broken;
    }
    if (failure == null) {
      round.show();
    }
    changes.forEach(change -> complete(change, round));
  }

  private void complete(Change change, Round round) {
    String broken = failure;
    S3Exception refusal = round.refused.get(change);
    if (broken != null) {
      change.done().completeExceptionally(new S3Exception(S3Error.INTERNAL_ERROR, broken));
    } else if (refusal != null) {
      change.done().completeExceptionally(refusal);
    } else {
      change.done().complete(null);
    }
  }

  private static void apply(Change change, Round round) throws IOException {
    switch (change) {
      case Change.Put put -> apply(put, round);
      case Change.Delete(var bucket, var keys, var condition, _) -> {
        for (Bytes key : keys) {
          var present = round.present(bucket, key);
          require(condition, present);
          if (present.isPresent()) {
            Files.delete(bucket.objects().resolve(ObjectFile.nameOf(key)));
            round.decide(bucket, key, Optional.empty());
          }
        }
      }
      case Change.Nothing _, Change.End _ -> {}
    }
  }

  private static void apply(Change.Put put, Round round) throws IOException {
    Bytes key = put.info().key();
    Path name = put.bucket().objects().resolve(ObjectFile.nameOf(key));
    try {
      require(put.condition(), round.present(put.bucket(), key));
    } catch (S3Exception refusal) {
      Files.delete(put.file());
      throw refusal;
    }
    if (put.condition() instanceof Condition.IfAbsent) {
      // Fails where the name is taken, whatever this process believes.
      Files.createLink(name, put.file());
      Files.delete(put.file());
    } else {
      Files.move(put.file(), name, StandardCopyOption.ATOMIC_MOVE);
    }
    round.decide(put.bucket(), key, Optional.of(put.info()));
  }

  private static void require(Condition condition, Optional<ObjectInfo> present) {
    var refusal = condition.refusal(present);
    if (refusal.isPresent()) {
      throw new S3Exception(refusal.get());
    }
  }
}
