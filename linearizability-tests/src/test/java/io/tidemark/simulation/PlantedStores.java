package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.ForgedSlots;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.simulation.PlantedBugs.Bug;
import io.tidemark.simulation.SwarmConfig.Fault;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The bugs of who uses an object store, planted between a log and its store: what the store says
/// is turned into what such a writer would take it for.
final class PlantedStores {
  private static final String TWICE = "contract of append";

  private PlantedStores() {}

  static List<Bug> all() {
    return List.of(
        new Bug(
            "M07",
            "takes its own slot, of which it was told that it is there, for another's",
            onStore(DisownsLog::new, config -> true),
            TWICE),
        new Bug(
            "M08",
            "takes every slot that is there already for its own",
            onStore(AlwaysMine::new, config -> config.replicas() > 1),
            "I1",
            "I2",
            TWICE),
        new Bug(
            "M13",
            "looks at the fence when it opens the log, and no more",
            onStore(FencedAsOpened::new, config -> config.faults().contains(Fault.FENCE)),
            "I7"),
        new Bug(
            "O1",
            "takes a conflict for a slot that another has",
            onStore(
                store -> new MovesOn(store, "409", true),
                config -> config.slots().mischief().conflictPercent() > 0),
            "I1",
            "I2",
            "I6",
            TWICE),
        new Bug(
            "O2",
            "moves a batch before its slot was seen, when nothing is answered",
            onStore(
                store -> new MovesOn(store, "no answer", false),
                config -> config.slots().mischief().unansweredPercent() > 0),
            "I1",
            "I2",
            "I6",
            TWICE),
        new Bug(
            "O3",
            "believes what it sees of a slot without asking whether the log was trimmed",
            onStore(
                NeverAsksAgain::new,
                config ->
                    config.slots().rival()
                        && config.faults().contains(Fault.TRIM)
                        && config.faults().contains(Fault.PAUSE)),
            "I1",
            "I2",
            "I6"));
  }

  private static Plant onStore(UnaryOperator<ObjectStore> bad, Predicate<SwarmConfig> shows) {
    return new Plant() {
      @Override
      public ObjectStore store(ObjectStore store) {
        return bad.apply(store);
      }

      @Override
      public boolean canShow(SwarmConfig config) {
        return config.log() == SwarmConfig.LogKind.S3 && shows.test(config);
      }
    };
  }

  /// A store like another one.
  private abstract static class AnotherStore implements ObjectStore {
    private final ObjectStore store;

    AnotherStore(ObjectStore store) {
      this.store = store;
    }

    @Override
    public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
      return ForgedSlots.isSlot(key) ? put(key, body) : store.putIfAbsent(key, body);
    }

    @Override
    public CompletableFuture<Optional<Bytes>> get(String key) {
      return ForgedSlots.isSlot(key) ? look(key) : store.get(key);
    }

    /// Puts a slot.
    CompletableFuture<Creation> put(String key, Bytes body) {
      return store.putIfAbsent(key, body);
    }

    /// Reads a slot.
    CompletableFuture<Optional<Bytes>> look(String key) {
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

  private static final class AlwaysMine extends AnotherStore {
    AlwaysMine(ObjectStore store) {
      super(store);
    }

    @Override
    CompletableFuture<Creation> put(String key, Bytes body) {
      return super.put(key, body)
          .thenApply(
              creation -> creation instanceof Creation.Exists ? new Creation.Created() : creation);
    }
  }

  private static final class DisownsLog extends AnotherStore {
    private final Map<String, Set<Bytes>> mine = new HashMap<>();
    private final Set<String> there = new HashSet<>();

    DisownsLog(ObjectStore store) {
      super(store);
    }

    @Override
    CompletableFuture<Creation> put(String key, Bytes body) {
      mine.computeIfAbsent(key, _ -> new HashSet<>()).add(body);
      return super.put(key, body)
          .thenApply(creation -> {
            if (creation instanceof Creation.Exists) {
              there.add(key);
            }
            return creation;
          });
    }

    @Override
    CompletableFuture<Optional<Bytes>> look(String key) {
      return super.look(key)
          .thenApply(found ->
              found.isPresent()
                      && mine.getOrDefault(key, Set.of()).contains(found.get())
                      && there.remove(key)
                  ? ForgedSlots.ofAnother(found.get())
                  : found);
    }
  }

  /// Sees another's slot where it was told something of which nothing follows.
  private static final class MovesOn extends AnotherStore {
    private final String told;
    private final boolean onlyIfAbsent;
    private final Map<String, Bytes> seen = new HashMap<>();

    /// @param told part of what it was told
    /// @param onlyIfAbsent whether what the store does have there is seen all the same
    MovesOn(ObjectStore store, String told, boolean onlyIfAbsent) {
      super(store);
      this.told = told;
      this.onlyIfAbsent = onlyIfAbsent;
    }

    @Override
    CompletableFuture<Creation> put(String key, Bytes body) {
      return super.put(key, body)
          .thenApply(creation -> {
            if (creation instanceof Creation.Undecided(String why, _) && why.contains(told)) {
              ForgedSlots.ofAnother(body).ifPresent(another -> seen.put(key, another));
              return new Creation.Exists();
            }
            return creation;
          });
    }

    @Override
    CompletableFuture<Optional<Bytes>> look(String key) {
      return super.look(key)
          .thenApply(found -> {
            if (onlyIfAbsent) {
              return found.or(() -> Optional.ofNullable(seen.get(key)));
            }
            return Optional.ofNullable(seen.remove(key)).or(() -> found);
          });
    }
  }

  private static final class FencedAsOpened extends AnotherStore {
    private Bytes fence = Bytes.EMPTY;
    private boolean opened;

    FencedAsOpened(ObjectStore store) {
      super(store);
    }

    @Override
    CompletableFuture<Creation> put(String key, Bytes body) {
      opened = true;
      return super.put(key, body);
    }

    @Override
    CompletableFuture<Optional<Bytes>> look(String key) {
      return super.look(key)
          .thenApply(found -> {
            if (opened) {
              return found.map(object -> ForgedSlots.fencedBy(fence, object).orElse(object));
            }
            found.flatMap(ForgedSlots::fenceBehind).ifPresent(token -> fence = token);
            return found;
          });
    }
  }

  private static final class NeverAsksAgain extends AnotherStore {
    private @Nullable String newest;

    NeverAsksAgain(ObjectStore store) {
      super(store);
    }

    @Override
    public CompletableFuture<Optional<Bytes>> get(String key) {
      if (key.equals(newest)) {
        return CompletableFuture.completedFuture(Optional.empty());
      }
      return super.get(key)
          .thenApply(found -> {
            if (ForgedSlots.isTrimMarker(key) && found.isEmpty()) {
              newest = key;
            }
            return found;
          });
    }
  }
}
