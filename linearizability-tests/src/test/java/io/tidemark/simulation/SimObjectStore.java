package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.base.Timers;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.log.s3.StoreException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// A client of a [SimBucket] over the simulated network, with all that an object store may do to
/// one request: it is lost, its reply is lost, it takes effect long after its caller gave up, it is
/// sent twice by what lies between, it is refused as undecided or because the store is busy, what
/// it reads is damaged on its way.
final class SimObjectStore implements ObjectStore {
  /// What happens to requests.
  ///
  /// @param timeout how long a caller waits for an answer
  /// @param lostPercent of a hundred requests, how many never arrive
  /// @param unansweredPercent how many take effect and are not answered
  /// @param latePercent how many arrive long after their caller gave up
  /// @param twicePercent how many take effect, and again, and are answered as of the second time
  /// @param conflictPercent how many are told of another request that is under way
  /// @param damagedPercent of a hundred objects that are read, how many arrive with one bit that is
  ///   not what was written, or cut short; the same object not more than twice
  record Mischief(
      Duration timeout,
      int lostPercent,
      int unansweredPercent,
      int latePercent,
      int twicePercent,
      int conflictPercent,
      int damagedPercent) {}

  private enum Fate {
    LOST,
    UNANSWERED,
    LATE,
    TWICE,
    CONFLICT,
    PLAIN
  }

  private static final long LATE_NANOS_MAX = 20_000_000_000L;

  /// What arrives damaged each time is taken for an object that is damaged where it lies.
  private static final int DAMAGED_MAX = 2;

  private final SimNet net;
  private final SimNode.Life life;
  private final SimBucket bucket;
  private final Mischief mischief;
  private final Probes probes;
  private final Timers timers;
  private final SimRandom random;
  private final Map<Integer, CompletableFuture<?>> underWay = new TreeMap<>();
  private final Map<String, Integer> damaged = new HashMap<>();
  private int requests;
  private boolean closed;

  /// @param name tells the stores that a node uses apart
  SimObjectStore(
      String name,
      SimNet net,
      SimNode.Life life,
      SimBucket bucket,
      Mischief mischief,
      Probes probes) {
    this.net = net;
    this.life = life;
    this.bucket = bucket;
    this.mischief = mischief;
    this.probes = probes;
    this.timers = life.timers();
    this.random = life.node().world().random(name + " of " + life.node());
  }

  @Override
  public CompletableFuture<Creation> putIfAbsent(String key, Bytes body) {
    return request("put", true, () -> bucket.putIfAbsent(key, body))
        .exceptionally(failure -> {
          if (Failures.unwrap(failure) instanceof StoreException.Unavailable away) {
            return new Creation.Undecided(String.valueOf(away.getMessage()), away.isThrottled());
          }
          throw new CompletionException(failure);
        });
  }

  @Override
  public CompletableFuture<Optional<Bytes>> get(String key) {
    return request("get", false, () -> bucket.get(key))
        .thenApply(found -> found.map(object -> arriving(key, object)));
  }

  private Bytes arriving(String key, Bytes object) {
    if (net.isHealed()
        || !random.percent(mischief.damagedPercent)
        || damaged.merge(key, 1, Integer::sum) > DAMAGED_MAX) {
      return object;
    }
    probes.met(Probe.BODY_DAMAGED);
    byte[] bytes = object.toArray();
    int place = random.nextInt(bytes.length);
    if (random.nextBoolean()) {
      return Bytes.wrap(Arrays.copyOf(bytes, place));
    }
    bytes[place] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    return Bytes.wrap(bytes);
  }

  @Override
  public CompletableFuture<Page> list(String prefix, Optional<String> after) {
    return request("list", false, () -> bucket.list(prefix, after));
  }

  @Override
  public CompletableFuture<Void> delete(List<String> keys) {
    return request(
            "delete",
            true,
            () -> {
              bucket.delete(keys);
              return keys;
            })
        .thenAccept(_ -> {});
  }

  private <T> CompletableFuture<T> request(String what, boolean changes, Supplier<T> effect) {
    life.node().world().mayYield();
    var answer = new CompletableFuture<T>();
    if (closed) {
      answer.completeExceptionally(new StoreException.Unavailable("it is closed", false));
      return answer;
    }
    int number = ++requests;
    underWay.put(number, answer);
    var _ = answer.whenComplete((_, _) -> underWay.remove(number));
    timers.after(
        mischief.timeout,
        () ->
            answer.completeExceptionally(
                new StoreException.Unavailable("no answer in time", false)));
    Fate fate = fate();
    if (fate == Fate.LATE && changes) {
      bucket
          .node()
          .life()
          .after(
              mischief.timeout.toNanos() + random.nextLong(LATE_NANOS_MAX),
              () -> landed(effect.get()));
    } else if (fate != Fate.LOST) {
      net.send(life.node(), bucket.node(), what, () -> arrived(fate, changes, effect, answer));
    }
    return answer;
  }

  private void landed(Object came) {
    if (came instanceof Creation.Created) {
      probes.met(Probe.ZOMBIE_CREATED_OBJECT);
    }
  }

  private Fate fate() {
    if (net.isHealed()) {
      return Fate.PLAIN;
    }
    int dice = random.nextInt(100);
    if ((dice -= mischief.lostPercent) < 0) {
      return Fate.LOST;
    }
    if ((dice -= mischief.unansweredPercent) < 0) {
      return Fate.UNANSWERED;
    }
    if ((dice -= mischief.latePercent) < 0) {
      return Fate.LATE;
    }
    if ((dice -= mischief.twicePercent) < 0) {
      return Fate.TWICE;
    }
    return dice < mischief.conflictPercent ? Fate.CONFLICT : Fate.PLAIN;
  }

  // On the store's machine.
  private <T> void arrived(
      Fate fate, boolean changes, Supplier<T> effect, CompletableFuture<T> answer) {
    if (bucket.isBusy()) {
      probes.met(Probe.STORE_BUSY);
      refuse(answer, "503 SlowDown", true);
      return;
    }
    if (fate == Fate.CONFLICT && changes) {
      probes.met(Probe.CONFLICT_TOLD);
      refuse(answer, "409 ConditionalRequestConflict", false);
      return;
    }
    T first = effect.get();
    T told = fate == Fate.TWICE ? effect.get() : first;
    if (first instanceof Creation.Created && told instanceof Creation.Exists) {
      probes.met(Probe.OWN_OBJECT_WAS_THERE);
    }
    if (fate == Fate.UNANSWERED || fate == Fate.LATE) {
      if (first instanceof Creation.Created) {
        probes.met(Probe.CREATED_OBJECT_UNANSWERED);
      }
      return;
    }
    reply(() -> answer.complete(told));
  }

  private void refuse(CompletableFuture<?> answer, String why, boolean throttled) {
    reply(() -> answer.completeExceptionally(new StoreException.Unavailable(why, throttled)));
  }

  // What a life began is nothing to the next.
  private void reply(Runnable arrive) {
    net.send(
        bucket.node(),
        life.node(),
        "reply",
        () -> {
          if (!life.isOver() && !closed) {
            arrive.run();
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    timers.close();
    List.copyOf(underWay.values())
        .forEach(answer ->
            answer.completeExceptionally(new StoreException.Unavailable("it is closed", false)));
  }

  @Override
  public String toString() {
    return "the simulated store of " + life.node().name();
  }
}
