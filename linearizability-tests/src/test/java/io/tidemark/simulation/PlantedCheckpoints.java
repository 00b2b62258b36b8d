package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.simulation.PlantedBugs.Bug;
import io.tidemark.statemachine.ViewCopying;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The bugs of checkpoints, each planted at a seam: in what a view gives for one and makes of one,
/// in what is asked of their store, in what the log is asked to forget.
final class PlantedCheckpoints {
  private PlantedCheckpoints() {}

  static List<Bug> all() {
    var bugs = new ArrayList<Bug>(ofViews());
    bugs.addAll(ofTheStore());
    bugs.add(
        new Bug(
            "M41a",
            "a replica trims the log beyond what is verified",
            new Plant() {
              @Override
              public long trimUpTo(long needed, long tail) {
                return tail;
              }

              @Override
              public boolean canShow(SwarmConfig config) {
                return config.checkpoints().isPresent();
              }
            },
            "I14",
            "I19"));
    return List.copyOf(bugs);
  }

  private static List<Bug> ofViews() {
    return List.of(
        new Bug(
            "M10a",
            "sessions are not part of a checkpoint",
            onViews(ViewCopying.SESSIONS_LEFT_OUT, _ -> true),
            "I5"),
        new Bug(
            "M24",
            "a checkpoint says that it holds one record more than it does",
            onViews(ViewCopying.labelledOff(1), _ -> true),
            "I5",
            "I17"),
        new Bug(
            "M24a",
            "a checkpoint says that it holds one record less than it does",
            onViews(ViewCopying.labelledOff(-1), _ -> true),
            "I5",
            "I17"),
        new Bug(
            "M24b",
            "a checkpoint is of the state before its mark was reached",
            onViews(ViewCopying.WITHOUT_THE_LAST, _ -> true),
            "I5",
            "I17"),
        new Bug(
            "M25",
            "what was there before stays where a checkpoint is installed",
            onViews(ViewCopying.OLD_KEYS_KEPT, _ -> true),
            "I5",
            "I10"),
        new Bug(
            "P3",
            "a replica whose content is another is not found by its digest",
            onViews(ViewCopying.SPOILT_UNNOTICED, "replica0"::equals),
            "I5",
            "I10"));
  }

  private static List<Bug> ofTheStore() {
    return List.of(
        new Bug(
            "P1",
            "a checkpoint is complete before its pieces are there",
            onStore(PiecesLast::new),
            "I17",
            "I19"),
        new Bug(
            "P2",
            "who prunes deletes first and dooms then",
            onStore(DoomedLast::new),
            "I17",
            "I19"));
  }

  /// Replicas one of which spoils what it keeps: no bug to be found by the rules, but one that the
  /// replicas find themselves.
  static Plant oneSpoilsWhatItKeeps() {
    return onViews(ViewCopying.SPOILT, "replica0"::equals);
  }

  private static Plant onViews(ViewCopying copying, Predicate<String> whose) {
    return new Plant() {
      @Override
      public ViewCopying copying(String replica) {
        return whose.test(replica) ? copying : ViewCopying.FAITHFUL;
      }

      @Override
      public boolean canShow(SwarmConfig config) {
        return config.checkpoints().isPresent();
      }
    };
  }

  private static Plant onStore(UnaryOperator<ObjectStore> bad) {
    return new Plant() {
      @Override
      public ObjectStore checkpoints(ObjectStore store) {
        return bad.apply(store);
      }

      @Override
      public boolean canShow(SwarmConfig config) {
        return config.checkpoints().isPresent();
      }
    };
  }

  /// Puts some objects later than it says.
  private abstract static class Putting implements ObjectStore {
    private final ObjectStore store;
    private final List<Runnable> held = new ArrayList<>();

    Putting(ObjectStore store) {
      this.store = store;
    }

    /// Whether to say that it is there, and put it later.
    abstract boolean isLate(String key);

    /// Whether what was held is put when this one was put.
    abstract boolean goesBefore(String key);

    CompletableFuture<Creation> hold(String key, Bytes body) {
      held.add(() -> {
        var _ = store.putIfAbsent(key, body);
      });
      return CompletableFuture.completedFuture(new Creation.Created());
    }

    void letGo() {
      var puts = List.copyOf(held);
      held.clear();
      puts.forEach(Runnable::run);
    }

    @Override
    public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
      if (isLate(key)) {
        return hold(key, body);
      }
      CompletableFuture<Creation> put = store.putIfAbsent(key, body);
      if (goesBefore(key)) {
        letGo();
      }
      return put;
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
    public void close() {
      store.close();
    }
  }

  private static final class PiecesLast extends Putting {
    PiecesLast(ObjectStore store) {
      super(store);
    }

    @Override
    boolean isLate(String key) {
      return key.startsWith("pieces/");
    }

    @Override
    boolean goesBefore(String key) {
      return key.startsWith("checkpoints/");
    }
  }

  private static final class DoomedLast extends Putting {
    private static final String DOOMED = "doomed/";
    private final List<String> promised = new ArrayList<>();

    DoomedLast(ObjectStore store) {
      super(store);
    }

    @Override
    boolean isLate(String key) {
      if (key.startsWith(DOOMED)) {
        promised.add(key);
      }
      return key.startsWith(DOOMED);
    }

    @Override
    boolean goesBefore(String key) {
      return false;
    }

    @Override
    public CompletableFuture<Page> list(String prefix, Optional<String> after) {
      return super.list(prefix, after)
          .thenApply(page -> {
            var keys = new ArrayList<>(page.keys());
            promised.stream()
                .filter(key -> key.startsWith(prefix) && after.isEmpty() && !keys.contains(key))
                .forEach(keys::add);
            return new Page(keys, page.next());
          });
    }

    @Override
    public CompletableFuture<Void> delete(List<String> keys) {
      return super.delete(keys).whenComplete((_, _) -> letGo());
    }
  }
}
