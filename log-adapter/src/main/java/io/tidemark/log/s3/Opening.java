package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogException;
import io.tidemark.log.LogExistsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// What happens before a log is used: the store shows that it is fit, and the log's identity is
/// read or made. Blocks its thread, for as long as opening may take in all.
final class Opening {
  /// How many objects are raced for, and by how many requests at once. A store whose put-if-absent
  /// is not atomic has let several win in about half of such races.
  private static final int RACES = 8;

  private static final int RACERS = 4;

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ObjectStore store;
  private final SlotLogConfig config;
  private final long deadlineNanos;

  Opening(ObjectStore store, SlotLogConfig config) {
    this.store = store;
    this.config = config;
    this.deadlineNanos = config.seams().clock().nanoTime() + config.timeouts().open().toNanos();
  }

  /// The log's identity, from a store that has just shown that it is fit. Where there is none, the
  /// log is created, and begins with its first slot.
  Markers.Identity identity() {
    Optional<Markers.Identity> found = readIdentity();
    proveFit();
    return found.isPresent() ? found.get() : create(fresh(0));
  }

  /// The identity of a new log that begins with this slot, in a store that has just shown that it
  /// is fit.
  ///
  /// @throws LogExistsException if there is a log, or another process created one meanwhile
  Markers.Identity newIdentity(long firstSlot) {
    if (readIdentity().isPresent()) {
      throw new LogExistsException(store.toString());
    }
    proveFit();
    Markers.Identity fresh = fresh(firstSlot);
    Markers.Identity made = create(fresh);
    if (!made.equals(fresh)) {
      throw new LogExistsException(store.toString());
    }
    return made;
  }

  private Markers.Identity fresh(long firstSlot) {
    return new Markers.Identity(config.seams().newId().get(), firstSlot);
  }

  // The same for all attempts, so that one whose reply was lost is known again.
  private Markers.Identity create(Markers.Identity fresh) {
    while (true) {
      var _ = ask("creating the log", () -> store.putIfAbsent(Names.IDENTITY, fresh.encode()));
      // Whoever created it, and whatever the answer was: this is what counts.
      Optional<Markers.Identity> found = readIdentity();
      if (found.isPresent()) {
        return found.get();
      }
    }
  }

  private Optional<Markers.Identity> readIdentity() {
    return ask(
        "reading the log's identity",
        () -> Fetch.of(store, Names.IDENTITY, Markers.Identity::decode));
  }

  /// The value of the future, or its failure, or the failure that opening took too long.
  <T> T await(CompletableFuture<T> future) {
    long left = deadlineNanos - config.seams().clock().nanoTime();
    var timer =
        config
            .seams()
            .timers()
            .after(
                Duration.ofNanos(Math.max(0, left)),
                () ->
                    future.completeExceptionally(
                        new LogException.Unavailable(
                            store
                                + " did not answer within "
                                + config.timeouts().open().toSeconds()
                                + " s",
                            null)));
    try {
      return future.join();
    } catch (CompletionException failure) {
      throw Failures.unavailable("opening the log in " + store, failure);
    } finally {
      timer.cancel();
    }
  }

  // Asks until the store answers: it may be starting, too. That it refuses is an answer.
  <T> T ask(String what, Supplier<CompletableFuture<T>> request) {
    while (true) {
      try {
        return await(request.get());
      } catch (LogException.Unavailable failure) {
        boolean mayAnswer = failure.getCause() instanceof StoreException.Unavailable;
        long left = deadlineNanos - config.seams().clock().nanoTime();
        if (!mayAnswer || left <= PAUSE.toNanos()) {
          throw new LogException.Unavailable(
              what + " in " + store + " failed: " + reason(failure), failure.getCause());
        }
        pause();
      }
    }
  }

  private static String reason(LogException failure) {
    Throwable cause = failure.getCause();
    return String.valueOf((cause == null ? failure : cause).getMessage());
  }

  private void pause() {
    var over = new CompletableFuture<Void>();
    var _ = config.seams().timers().after(PAUSE, () -> over.complete(null));
    over.join();
  }

  private void proveFit() {
    var keys = new ArrayList<String>();
    try {
      for (int race = 0; race < RACES; race++) {
        String key = Names.PROBES + config.seams().newId().get();
        keys.add(key);
        race(key);
      }
    } finally {
      // They are in nobody's way.
      var _ = store.delete(keys).exceptionally(_ -> null);
    }
  }

  private void race(String key) {
    var racers = new ArrayList<CompletableFuture<ObjectStore.Creation>>();
    for (int racer = 0; racer < RACERS; racer++) {
      racers.add(store.putIfAbsent(key, body(racer)));
    }
    var winners = new ArrayList<Integer>();
    boolean decided = true;
    for (int racer = 0; racer < RACERS; racer++) {
      switch (await(racers.get(racer))) {
        case ObjectStore.Creation.Created() -> winners.add(racer);
        case ObjectStore.Creation.Exists() -> {}
        case ObjectStore.Creation.Undecided _ -> decided = false;
      }
    }
    if (winners.size() > 1) {
      throw unfit(
          "of "
              + RACERS
              + " writers that created the same object at once, "
              + winners.size()
              + " were told that they had");
    }
    if (winners.isEmpty()) {
      if (decided) {
        throw unfit("of " + RACERS + " writers that created the same object, none was told so");
      }
      return;
    }
    checkKept(key, winners);
  }

  private void checkKept(String key, List<Integer> winners) {
    if (!givesBack(key, body(winners.getFirst()))) {
      throw unfit("it does not give back the object of the one writer that was told it won");
    }
    var again = ask("writing again", () -> store.putIfAbsent(key, body(RACERS)));
    if (again instanceof ObjectStore.Creation.Created) {
      throw unfit("an object that was there was created once more");
    }
  }

  private boolean givesBack(String key, Bytes written) {
    try {
      return ask("reading back what was written", () -> Fetch.of(store, key, same(written)))
          .isPresent();
    } catch (LogException.Corrupt _) {
      return false;
    }
  }

  private static Fetch.Decoder<Bytes> same(Bytes written) {
    return object -> {
      if (!object.equals(written)) {
        throw new DamagedObjectException("it is not what was written");
      }
      return object;
    };
  }

  private static Bytes body(int racer) {
    return Bytes.utf8("tidemark probe " + racer);
  }

  private LogException unfit(String why) {
    return new LogException.Unavailable(
        store
            + " is not fit to keep a log: "
            + why
            + ". Acknowledged writes would be lost there. Use a store whose put-if-absent"
            + " (If-None-Match: *) is atomic, such as Amazon S3, MinIO or Ceph",
        null);
  }
}
