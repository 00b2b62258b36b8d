package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.log.s3.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/// Requests to an object store that are sent again until they are decided, for a while: pauses
/// double from [#PAUSE_FIRST] to [#PAUSE_MAX], each shortened by chance to half at most.
///
/// Calls block, and end with an `InterruptedException` where the thread is interrupted.
final class Requests {
  static final Duration PAUSE_FIRST = Duration.ofMillis(100);
  static final Duration PAUSE_MAX = Duration.ofSeconds(5);

  /// About half a minute of pauses, and the store's own time limits.
  static final int ATTEMPTS_MAX = 12;

  private final ObjectStore store;
  private final Seams seams;

  Requests(ObjectStore store, Seams seams) {
    this.store = store;
    this.seams = seams;
  }

  ObjectStore store() {
    return store;
  }

  /// A request that was sent, and how to send it again.
  record Sent<T>(String what, Supplier<CompletableFuture<T>> again, CompletableFuture<T> first) {}

  Sent<Optional<Bytes>> sendGet(String key) {
    return send("reading " + key, () -> store.get(key));
  }

  /// True once the object is there by this caller's request, false if it was there before or an
  /// earlier attempt of this caller made it.
  Sent<Boolean> sendCreate(String key, Bytes body) {
    return send(
        "creating " + key, () -> store.putIfAbsent(key, body).thenApply(Requests::isCreated));
  }

  private static boolean isCreated(ObjectStore.Creation creation) {
    return switch (creation) {
      case ObjectStore.Creation.Created() -> true;
      case ObjectStore.Creation.Exists() -> false;
      case ObjectStore.Creation.Undecided(var why, var throttled) ->
          throw new StoreException.Unavailable(why, throttled);
    };
  }

  private static <T> Sent<T> send(String what, Supplier<CompletableFuture<T>> request) {
    return new Sent<>(what, request, request.get());
  }

  /// What came of the request, sending it again where nothing did.
  ///
  /// @throws CheckpointException.Unavailable if nothing came of it in all attempts
  /// @throws CheckpointException.Refused if the store says no
  <T> T await(Sent<T> sent) throws InterruptedException {
    CompletableFuture<T> attempt = sent.first;
    Duration pause = PAUSE_FIRST;
    for (int attempts = 1; ; attempts++) {
      try {
        return attempt.get();
      } catch (ExecutionException e) {
        switch (Objects.requireNonNull(e.getCause())) {
          case StoreException.Unavailable away -> {
            if (attempts == ATTEMPTS_MAX) {
              throw new CheckpointException.Unavailable(
                  "%s, %s: no answer in %d attempts, at last: %s"
                      .formatted(store, sent.what, attempts, away.getMessage()));
            }
          }
          case StoreException.Refused refused ->
              throw new CheckpointException.Refused(
                  store + ", " + sent.what + ": " + refused.getMessage());
          case Throwable bug -> throw new IllegalStateException(store + ", " + sent.what, bug);
        }
      }
      pause(pause);
      pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
      attempt = sent.again.get();
    }
  }

  private void pause(Duration longest) throws InterruptedException {
    long nanos = longest.toNanos();
    var over = new CompletableFuture<Boolean>();
    var timer =
        seams
            .timers()
            .after(
                Duration.ofNanos(nanos - seams.random().nextLong(nanos / 2)),
                () -> over.complete(true));
    try {
      over.get();
    } catch (ExecutionException e) {
      throw new AssertionError("a pause does not fail", e);
    } finally {
      timer.cancel();
    }
  }

  Optional<Bytes> get(String key) throws InterruptedException {
    return await(sendGet(key));
  }

  /// Creates the object; false if there is one, which may be this caller's own.
  boolean create(String key, Bytes body) throws InterruptedException {
    return await(sendCreate(key, body));
  }

  /// Creates the object and returns what is there: the body, or what somebody else had put there
  /// before.
  Bytes createOrGet(String key, Bytes body) throws InterruptedException {
    if (create(key, body)) {
      return body;
    }
    return get(key)
        .orElseThrow(() ->
            new CheckpointException.Unavailable(
                store + ": " + key + " was there and is gone; try again"));
  }

  /// All keys that begin so.
  List<String> list(String prefix) throws InterruptedException {
    var keys = new ArrayList<String>();
    Optional<String> next = Optional.empty();
    do {
      Optional<String> after = next;
      ObjectStore.Page page = await(send("listing " + prefix, () -> store.list(prefix, after)));
      keys.addAll(page.keys());
      next = page.next();
    } while (next.isPresent());
    return keys;
  }

  /// Deletes them, in this order as far as more than [ObjectStore#DELETE_KEYS_MAX] are given.
  void delete(List<String> keys) throws InterruptedException {
    for (int from = 0; from < keys.size(); from += ObjectStore.DELETE_KEYS_MAX) {
      var some = keys.subList(from, Math.min(keys.size(), from + ObjectStore.DELETE_KEYS_MAX));
      await(
          send(
              "deleting " + some.getFirst() + " and others",
              () -> store.delete(some).thenApply(_ -> true)));
    }
  }
}
