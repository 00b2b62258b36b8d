package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

/// A store in memory that does as a test tells it, shared by as many logs as use it.
///
/// Requests are carried out in the order in which they come, on the executor that the store was
/// given. A test says what becomes of the next requests that match.
final class FakeStore {
  /// What becomes of a request.
  enum Fate {
    /// It never arrives, and its sender hears nothing certain.
    LOST,
    /// It is carried out, and the reply is lost.
    REPLY_LOST,
    /// It is held until the test lets it go; its sender hears nothing certain now.
    LATE,
    /// A conflict that the store has not decided.
    CONFLICT,
    /// The store asks for fewer requests.
    SLOW_DOWN,
    /// The store says no.
    REFUSED,
    /// It is carried out twice, and the second reply is given.
    TWICE,
    /// What is read back has one bit that is not what was written.
    DAMAGED,
    /// What is read back is cut short.
    CUT
  }

  /// A request as a test sees it.
  record Request(String kind, String key, String user) {}

  private record Order(Predicate<Request> which, Fate fate) {}

  private final Executor executor;
  private final TreeMap<String, Bytes> objects = new TreeMap<>();
  private final List<Order> orders = new ArrayList<>();
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();
  private boolean isFit = true;

  FakeStore(Executor executor) {
    this.executor = executor;
  }

  /// The next request that matches meets this fate.
  synchronized void next(Predicate<Request> which, Fate fate) {
    orders.add(new Order(which, fate));
  }

  /// Put-if-absent lets everybody win.
  synchronized void breakPutIfAbsent() {
    isFit = false;
  }

  /// Carries out what was held, in the order in which it came.
  void letGo() {
    while (true) {
      Runnable next;
      synchronized (this) {
        next = held.poll();
      }
      if (next == null) {
        return;
      }
      next.run();
    }
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  synchronized long count(String kind) {
    return requests.stream().filter(request -> request.kind.equals(kind)).count();
  }

  synchronized List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  synchronized Optional<Bytes> object(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  synchronized void put(String key, Bytes body) {
    objects.put(key, body);
  }

  /// Damages what lies there, or mends it again.
  synchronized void flip(String key) {
    objects.put(key, flipped(Objects.requireNonNull(objects.get(key))));
  }

  private static Bytes flipped(Bytes object) {
    byte[] bytes = object.toArray();
    bytes[bytes.length / 2] ^= 1;
    return Bytes.wrap(bytes);
  }

  synchronized void remove(String key) {
    objects.remove(key);
  }

  static Predicate<Request> puts(String part) {
    return request -> request.kind.equals("PUT") && request.key.contains(part);
  }

  static Predicate<Request> gets(String part) {
    return request -> request.kind.equals("GET") && request.key.contains(part);
  }

  private synchronized Optional<Fate> fate(Request request) {
    requests.add(request);
    for (Order order : orders) {
      if (order.which.test(request)) {
        orders.remove(order);
        return Optional.of(order.fate);
      }
    }
    return Optional.empty();
  }

  private synchronized void hold(Runnable request) {
    held.add(request);
  }

  private synchronized ObjectStore.Creation create(String key, Bytes body) {
    if (isFit && objects.containsKey(key)) {
      return new ObjectStore.Creation.Exists();
    }
    objects.put(key, body);
    return new ObjectStore.Creation.Created();
  }

  /// The store as one of its users has it.
  ObjectStore as(String user) {
    return new User(user);
  }

  private final class User implements ObjectStore {
    private final String user;
    private volatile boolean closed;

    User(String user) {
      this.user = user;
    }

    @Override
    public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
      var answer = new CompletableFuture<Creation>();
      executor.execute(() -> {
        Optional<Fate> fate = fate(new Request("PUT", key, user));
        if (fate.isEmpty()) {
          answer.complete(create(key, body));
          return;
        }
        switch (fate.get()) {
          case LOST -> answer.complete(new Creation.Undecided("lost", false));
          case REPLY_LOST -> {
            create(key, body);
            answer.complete(new Creation.Undecided("the reply was lost", false));
          }
          case LATE -> {
            hold(() -> create(key, body));
            answer.complete(new Creation.Undecided("no reply in time", false));
          }
          case CONFLICT -> answer.complete(new Creation.Undecided("409", false));
          case SLOW_DOWN -> answer.complete(new Creation.Undecided("503", true));
          case REFUSED -> answer.completeExceptionally(new StoreException.Refused("no permission"));
          case TWICE -> {
            create(key, body);
            answer.complete(create(key, body));
          }
          case DAMAGED, CUT -> throw new IllegalStateException("only what is read is damaged");
        }
      });
      return answer;
    }

    @Override
    public CompletableFuture<Optional<Bytes>> get(String key) {
      return read(
          new Request("GET", key, user), fate -> object(key).map(found -> damaged(fate, found)));
    }

    private static Bytes damaged(Optional<Fate> fate, Bytes found) {
      if (fate.equals(Optional.of(Fate.DAMAGED))) {
        return flipped(found);
      }
      byte[] bytes = found.toArray();
      return fate.equals(Optional.of(Fate.CUT))
          ? Bytes.wrap(Arrays.copyOf(bytes, bytes.length / 2))
          : found;
    }

    @Override
    public CompletableFuture<Page> list(String prefix, Optional<String> after) {
      return read(
          new Request("LIST", prefix, user),
          _ -> {
            var matching =
                keys().stream()
                    .filter(key -> key.startsWith(prefix) && key.compareTo(after.orElse("")) > 0)
                    .toList();
            var page = matching.subList(0, Math.min(3, matching.size()));
            return new Page(
                page,
                page.size() < matching.size() ? Optional.of(page.getLast()) : Optional.empty());
          });
    }

    @Override
    public CompletableFuture<Void> delete(List<String> keys) {
      return read(
              new Request("DELETE", keys.getFirst(), user),
              _ -> {
                keys.forEach(FakeStore.this::remove);
                return keys;
              })
          .thenAccept(_ -> {});
    }

    private <T> CompletableFuture<T> read(Request request, Function<Optional<Fate>, T> done) {
      var answer = new CompletableFuture<T>();
      executor.execute(() -> {
        Optional<Fate> fate = fate(request);
        if (closed) {
          answer.completeExceptionally(new StoreException.Unavailable("closed", false));
        } else if (fate.isEmpty() || fate.get() == Fate.DAMAGED || fate.get() == Fate.CUT) {
          answer.complete(done.apply(fate));
        } else if (fate.get() == Fate.REFUSED) {
          answer.completeExceptionally(new StoreException.Refused("no permission"));
        } else {
          boolean throttled = fate.get() == Fate.SLOW_DOWN;
          answer.completeExceptionally(new StoreException.Unavailable("no reply", throttled));
        }
      });
      return answer;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public String toString() {
      return "a fake store";
    }
  }
}
