package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.log.s3.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// A store in memory, shared by as many processes as a test has; each ends where the test says.
final class TestStore {
  /// What becomes of the request at which a process ends.
  enum End {
    /// It never arrives.
    LOST,
    /// It takes effect.
    DONE,
    /// It takes effect when the test says.
    LATE
  }

  /// A process ended.
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;

    Ended() {
      super("the process has ended");
    }
  }

  final TreeMap<String, Bytes> objects = new TreeMap<>();
  private final Map<String, Runnable> meanwhile = new HashMap<>();
  private final List<Runnable> late = new ArrayList<>();

  /// The store as a process has it that does not end.
  Client process() {
    return new Client(Integer.MAX_VALUE, End.DONE);
  }

  /// The store as a process has it that ends at its request of this number, from 1.
  Client endsAt(int request, End end) {
    return new Client(request, end);
  }

  /// What was late arrives.
  void landLate() {
    late.forEach(Runnable::run);
    late.clear();
  }

  /// Lets others do something just before the next object of such a name is created.
  void beforeNext(String prefix, Runnable others) {
    meanwhile.put(prefix, others);
  }

  private void letOthers(String key) {
    for (String prefix : List.copyOf(meanwhile.keySet())) {
      Runnable others = key.startsWith(prefix) ? meanwhile.remove(prefix) : null;
      if (others != null) {
        others.run();
      }
    }
  }

  /// Damages what lies there.
  void flip(String key) {
    byte[] bytes = Objects.requireNonNull(objects.get(key)).toArray();
    bytes[bytes.length / 2] ^= 1;
    objects.put(key, Bytes.wrap(bytes));
  }

  List<String> keys(String prefix) {
    return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  /// One process's store.
  final class Client implements ObjectStore {
    private final int endsAt;
    private final End end;
    private int requests;
    // So many requests are undecided or not answered, then one is served.
    private int troubles;
    private int troublesLeft;
    private boolean hasEnded;
    private boolean wasChanging;

    /// Bytes of objects that were created.
    long bytesCreated;

    Client(int endsAt, End end) {
      this.endsAt = endsAt;
      this.end = end;
    }

    /// From here on so many attempts of each request come to nothing before one is served.
    Client withTrouble(int attempts) {
      troubles = attempts;
      troublesLeft = attempts;
      return this;
    }

    boolean hasEnded() {
      return hasEnded;
    }

    /// Whether the request at which it ended would have changed something.
    boolean wasChanging() {
      return wasChanging;
    }

    private <T> CompletableFuture<T> request(boolean changes, Supplier<T> effect) {
      if (hasEnded) {
        throw new Ended();
      }
      requests++;
      if (requests == endsAt) {
        hasEnded = true;
        wasChanging = changes;
        if (changes && end == End.DONE) {
          var _ = effect.get();
        } else if (changes && end == End.LATE) {
          late.add(() -> {
            var _ = effect.get();
          });
        }
        throw new Ended();
      }
      if (troublesLeft-- > 0) {
        // What is undecided has its effect every other time.
        if (changes && troublesLeft % 2 == 0) {
          var _ = effect.get();
        }
        return CompletableFuture.failedFuture(new StoreException.Unavailable("busy", true));
      }
      troublesLeft = troubles;
      return CompletableFuture.completedFuture(effect.get());
    }

    @Override
    public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
      letOthers(key);
      return request(true, () -> create(key, body))
          .exceptionally(failure -> new Creation.Undecided(failure.toString(), true));
    }

    private Creation create(String key, Bytes body) {
      if (objects.putIfAbsent(key, body) != null) {
        return new Creation.Exists();
      }
      bytesCreated += body.length();
      return new Creation.Created();
    }

    @Override
    public CompletableFuture<Optional<Bytes>> get(String key) {
      return request(false, () -> Optional.ofNullable(objects.get(key)));
    }

    @Override
    public CompletableFuture<Page> list(String prefix, Optional<String> after) {
      return request(
          false,
          () -> {
            var keys =
                keys(prefix).stream().filter(key -> key.compareTo(after.orElse("")) > 0).toList();
            var page = keys.subList(0, Math.min(3, keys.size()));
            return new Page(
                page, page.size() < keys.size() ? Optional.of(page.getLast()) : Optional.empty());
          });
    }

    @Override
    public CompletableFuture<Void> delete(List<String> keys) {
      return request(
              true,
              () -> {
                keys.forEach(objects::remove);
                return keys;
              })
          .thenAccept(_ -> {});
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
      return "a test's store";
    }
  }
}
