package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the newest slots from memory and older ones from the store, several requests at a time.
final class SlotReader implements LogReader {
  /// Where one [#next()] ends, unless its first slot is larger.
  private static final int NEXT_BYTES = 1 << 20;

  /// How much is requested ahead, by the size of the slots seen last.
  private static final long AHEAD_BYTES = 16 << 20;

  private static final Duration PAUSE = Duration.ofMillis(100);

  private record Request(long slot, CompletableFuture<Optional<Bytes>> object) {}

  private final ObjectStore store;
  private final UUID log;
  private final Shown shown;
  private final Mailbox mailbox;
  private final TrimChain chain;
  private final SlotLogConfig config;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Request> ahead = new ArrayDeque<>();

  private final Consumer<SlotReader> onClose;

  private volatile boolean closed;
  private long place;
  private long objectBytes = AHEAD_BYTES / 4;
  private Slot.@Nullable Judged before;

  SlotReader(
      ObjectStore store,
      UUID log,
      Shown shown,
      Mailbox mailbox,
      TrimChain chain,
      SlotLogConfig config,
      long from,
      Consumer<SlotReader> onClose) {
    this.store = store;
    this.log = log;
    this.shown = shown;
    this.mailbox = mailbox;
    this.chain = chain;
    this.config = config;
    this.place = from;
    this.onClose = onClose;
  }

  @Override
  public long position() {
    return place;
  }

  @Override
  public List<LogRecord> next() throws InterruptedException {
    return switch (shown.await(place, () -> closed)) {
      case Shown.Sight.Slots(var slots) -> {
        ahead.clear();
        yield pass(slots);
      }
      case Shown.Sight.Fetch(long upTo) -> pass(fetch(upTo));
    };
  }

  @Override
  public void close() {
    closed = true;
    onClose.accept(this);
    shown.wake();
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // Moves the place behind some of these slots, the first of which it lies in.
  private List<LogRecord> pass(List<Slot.Judged> slots) {
    var records = new ArrayList<LogRecord>();
    long bytes = 0;
    for (Slot.Judged judged : slots) {
      long number = judged.slot().number();
      List<Bytes> found = judged.records();
      for (int i = Positions.index(place); i < found.size(); i++) {
        records.add(new LogRecord(Positions.of(number, i), found.get(i)));
        bytes += found.get(i).length();
      }
      place = Positions.of(number + 1);
      before = judged;
      if (bytes >= NEXT_BYTES) {
        break;
      }
    }
    return records;
  }

  // The slot at the place, and with it the answers to requests for those behind it that are there.
  private List<Slot.Judged> fetch(long upTo) throws InterruptedException {
    long wanted = Positions.slot(place);
    Slot.Judged known = before;
    Slot first = take(wanted, upTo);
    if (known != null && known.slot().number() == wanted - 1) {
      return List.of(first.after(known));
    }
    return List.of(new Slot.Judged(first, counts(first, upTo)));
  }

  // Whether it counts depends on those before it, down to where its chain begins or was broken.
  private boolean counts(Slot slot, long upTo) throws InterruptedException {
    Slot each = slot;
    while (each.base() < each.number()) {
      Slot below = take(each.number() - 1, upTo);
      if (!each.continues(below)) {
        return false;
      }
      each = below;
    }
    return true;
  }

  /// The slot, decoded, and believed. As [Fetch] does, in the reader's own thread, and with pauses:
  /// an object that is missing may also be one that is not to be seen yet.
  private Slot take(long slot, long upTo) throws InterruptedException {
    LogException why = null;
    for (int tries = 0; tries < Fetch.TRIES_MAX; ) {
      Request request = request(slot, upTo);
      await(request.object);
      ahead.poll();
      // Where the store is away, it is waited for.
      if (request.object.isCompletedExceptionally() || !awaitFresh()) {
        pause();
        continue;
      }
      Optional<Bytes> found = request.object.join();
      if (found.isPresent()) {
        try {
          Slot decoded = SlotCodec.decode(log, slot, found.get());
          objectBytes = Math.max(1, (objectBytes * 7 + found.get().length()) / 8);
          return decoded;
        } catch (DamagedObjectException damage) {
          why = Failures.corrupt(store, Names.slot(slot), damage);
        }
      } else {
        why =
            new LogException.Corrupt(
                "object " + Names.slot(slot) + " in " + store + " is missing, but the log has it");
      }
      tries++;
      ahead.clear();
      if (tries < Fetch.TRIES_MAX) {
        pause();
      }
    }
    throw Objects.requireNonNull(why);
  }

  private Request request(long slot, long upTo) {
    Request head = ahead.peek();
    if (head == null || head.slot != slot) {
      ahead.clear();
    }
    long last =
        Math.min(
            upTo, slot + Math.clamp(AHEAD_BYTES / objectBytes, 1, config.reading().aheadMax()));
    long from = ahead.isEmpty() ? slot : ahead.getLast().slot + 1;
    for (long each = from; each < last; each++) {
      var object = store.get(Names.slot(each));
      var _ = object.whenComplete((_, _) -> signal());
      ahead.add(new Request(each, object));
    }
    return ahead.element();
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until it is done, in whatever way.
  private void await(CompletableFuture<?> object) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!object.isDone()) {
        checkOpen();
        changed.await();
      }
    } finally {
      lock.unlock();
    }
    checkOpen();
  }

  private void checkOpen() {
    if (closed) {
      throw new LogException.Closed("the reader");
    }
  }

  /// Whether what was seen of the slot at the place may be believed.
  ///
  /// @throws LogException.Trimmed if the log begins behind the place
  private boolean awaitFresh() throws InterruptedException {
    var fresh = new CompletableFuture<Boolean>();
    var trim = new long[1];
    mailbox.put(() ->
        chain.whenFresh(why -> {
          trim[0] = chain.slot();
          fresh.complete(why == null);
          signal();
        }));
    await(fresh);
    if (fresh.join() && Positions.slot(place) < trim[0]) {
      throw new LogException.Trimmed(place, Positions.of(trim[0]));
    }
    return fresh.join();
  }

  private void pause() throws InterruptedException {
    var over = new CompletableFuture<Void>();
    var timer =
        config
            .seams()
            .timers()
            .after(
                PAUSE,
                () -> {
                  over.complete(null);
                  signal();
                });
    try {
      await(over);
    } finally {
      timer.cancel();
    }
  }
}
