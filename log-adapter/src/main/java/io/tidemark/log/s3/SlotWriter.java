package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.base.Invariants;
import io.tidemark.log.AppendRules;
import io.tidemark.log.LogCost.Purpose;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.Precondition;
import io.tidemark.log.s3.Gathering.Crowd;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Puts appends together into slots and puts the slots into the store, at the first slot that is
/// not known to exist.
///
/// An idle writer sends at once; what comes while slots are under way is gathered, so that groups
/// form by themselves. The rule that keeps every append from being there twice: *records move to
/// another slot only after their slot is known never to count with them*, because it was seen to
/// hold something else, or because the chain it belongs to was seen to be broken. Whatever a
/// request's outcome does not say is found out by sending the same bytes to the same slot again.
///
/// A writer that has lost no slot for a while sends several before it hears of the first, as one
/// chain ([Slot]). One append with a condition, or one word about the log, travels alone.
///
/// Runs in the log's mailbox.
final class SlotWriter {
  /// So many slots in a row without a rival, before more than one is sent at a time.
  private static final int CALM_SLOTS = 4;

  /// The shortest and the longest pause before a slot is sent again.
  private static final long RETRY_NANOS_MIN = 5_000_000;

  private static final long RETRY_NANOS_MAX = 1_000_000_000;

  private final Meter meter;
  private final ObjectStore store;
  private final UUID log;
  private final UUID writer;
  private final Mailbox mailbox;
  private final TrimChain chain;
  private final SlotTail tail;
  private final SlotLogConfig config;
  private final Handover handover;

  private final AppendQueue queue;
  private final ArrayDeque<Word> words = new ArrayDeque<>();
  private final ArrayDeque<Flight> flights = new ArrayDeque<>();
  private long sequence;
  private int calmSlots;

  /// Others are known to have gone on: the end is looked for before anything is sent.
  private boolean behind;

  private boolean walking;
  private boolean settling;
  private boolean handingOver;
  private String address = "";
  private final Pause linger;
  private final Gathering gathering;
  private boolean expiryPending;
  private @Nullable LogException closed;

  /// A word about the log itself that waits to be said.
  private record Word(Slot.Content content, Runnable said, FailureTeller failed) {}

  /// Tells why a word was not said.
  interface FailureTeller {
    void tell(LogException why);
  }

  SlotWriter(
      Meter meter,
      UUID log,
      Mailbox mailbox,
      TrimChain chain,
      SlotTail tail,
      SlotLogConfig config) {
    this.meter = meter;
    this.store = meter.store(Purpose.APPEND);
    this.log = log;
    this.writer = config.seams().newId().get();
    this.queue = new AppendQueue(config.queue().appendsMax(), config.queue().bytesMax());
    this.handover = new Handover(writer, config, mailbox);
    tail.listen(handover::saw);
    this.mailbox = mailbox;
    this.chain = chain;
    this.tail = tail;
    this.config = config;
    this.gathering = new Gathering(config.seams().clock());
    this.linger = new Pause(config.seams().timers(), mailbox, this::pump);
  }

  /// Which writer this is: another one each time that the log is opened.
  UUID id() {
    return writer;
  }

  /// Says in every slot from now on where this writer takes appends from others.
  void announce(String where) {
    address = where;
  }

  void append(Append append) {
    if (closed != null) {
      append.fail(closed);
    } else if (queue.add(append)) {
      expireLater();
      pump();
    }
  }

  /// Says something about the log itself; `said` runs when it counts.
  void say(Slot.Content content, Runnable said, FailureTeller failed) {
    if (closed != null) {
      failed.tell(closed);
      return;
    }
    words.add(new Word(content, said, failed));
    pump();
  }

  /// Nothing is sent any more.
  void close(LogException why) {
    closed = why;
    for (Flight flight : flights) {
      flight.abandoned = true;
      flight.appends.forEach(append -> append.fail(indeterminate("the log was closed")));
    }
    flights.clear();
    failWaiting(why);
    handover.close();
  }

  private void failWaiting(LogException why) {
    var unsaid = List.copyOf(words);
    words.clear();
    queue.fail(why);
    unsaid.forEach(word -> word.failed.tell(why));
  }

  // Sends what can be sent.
  private void pump() {
    while (closed == null && !walking && !settling && !handingOver) {
      if (behind && flights.isEmpty()) {
        walk();
      } else if (tail.sealSlot() >= 0) {
        if (flights.isEmpty()) {
          failWaiting(new LogException.Sealed(Positions.of(tail.sealSlot())));
        }
        return;
      } else if (flights.isEmpty() && !words.isEmpty()) {
        fly(words.element().content, List.of());
        return;
      } else if (flights.isEmpty() && mayHandOver()) {
        if (!linger.isOver(gathering.left())) {
          return;
        }
        handOver();
      } else if (queue.isEmpty()
          || !words.isEmpty()
          || !mayFly()
          || !linger.isOver(lingering())
          || !sendBatch()) {
        return;
      }
    }
  }

  private boolean mayHandOver() {
    return !queue.isEmpty()
        && words.isEmpty()
        && tail.fence().isEmpty()
        && isHandedOver(queue.first())
        && handover.isDue();
  }

  private static boolean isHandedOver(Append append) {
    return !append.fromPeer && append.precondition instanceof Precondition.None;
  }

  private void handOver() {
    var appends = new ArrayList<Append>();
    int records = 0;
    long bytes = 0;
    while (!queue.isEmpty()) {
      Append append = queue.first();
      if (!append.isOver()) {
        if (!isHandedOver(append) || (!appends.isEmpty() && !fits(append, records, bytes))) {
          break;
        }
        appends.add(append);
        records += append.records.size();
        bytes += append.bytes;
      }
      queue.take();
    }
    if (!appends.isEmpty()) {
      handingOver = true;
      Crowd crowd = records > 1 ? Crowd.HANDED : Crowd.NONE;
      long beganNanos = gathering.nanoTime();
      handover.handOver(
          appends,
          left -> {
            handingOver = false;
            gathering.answered(crowd, beganNanos);
            putBack(left);
            pump();
          });
    }
  }

  // A second slot is worth its price only when the first could not hold everything.
  private boolean mayFly() {
    Flight last = flights.peekLast();
    if (last == null) {
      return true;
    }
    return calmSlots >= CALM_SLOTS
        && queue.bytes() >= config.limits().slotBytesMax()
        && flights.size() < config.sending().inFlightMax()
        && last.slot.content() instanceof Slot.Content.Data
        // After a refusal what was numbered last is not what flies last: the chain has ended.
        && last.slot.sequence() == sequence
        && last.number() + 1 - last.slot.base() < Slot.CHAIN_MAX
        && last.number() + 1 >= tail.next()
        && queue.first().precondition instanceof Precondition.None;
  }

  // How long the next batch waits for more to go along.
  private Duration lingering() {
    if (!flights.isEmpty() || queue.bytes() >= config.limits().slotBytesMax()) {
      return Duration.ZERO;
    }
    Duration set = config.sending().linger();
    Duration saving = meter.governor().pause(queue.first().beganNanos);
    return Collections.max(List.of(set, saving, gathering.left()));
  }

  /// @return whether there may be more to send now
  private boolean sendBatch() {
    long number = nextNumber();
    Bytes fence = fence();
    var appends = new ArrayList<Append>();
    int records = 0;
    long bytes = 0;
    while (!queue.isEmpty()) {
      Append append = queue.first();
      if (append.isOver()) {
        queue.take();
        continue;
      }
      if (!appends.isEmpty() && !fits(append, records, bytes)) {
        break;
      }
      Optional<LogException> refusal =
          AppendRules.refusal(append.precondition, Positions.of(number), fence, false);
      if (refusal.isEmpty()) {
        appends.add(append);
        records += append.records.size();
        bytes += append.bytes;
        queue.take();
      } else if (append.tailProven) {
        queue.take();
        append.fail(refusal.get());
      } else {
        // What is known here may be old: others may have written, or lifted the fence.
        if (appends.isEmpty()) {
          return proveTail(append);
        }
        break;
      }
    }
    if (!appends.isEmpty()) {
      var all = new ArrayList<Bytes>(records);
      appends.forEach(append -> all.addAll(append.records));
      fly(new Slot.Content.Data(List.copyOf(all)), appends);
    }
    return true;
  }

  private boolean fits(Append append, int records, long bytes) {
    return !(append.precondition instanceof Precondition.ExpectedTail)
        && bytes + append.bytes <= config.limits().slotBytesMax()
        && records + append.records.size() <= LogInfo.BATCH_RECORDS_MAX;
  }

  private boolean proveTail(Append append) {
    if (!flights.isEmpty()) {
      return false;
    }
    walking = true;
    tail.board(
        Purpose.APPEND,
        (_, why) -> {
          walking = false;
          if (why == null) {
            append.tailProven = true;
          } else if (queue.take(append)) {
            append.fail(why);
          }
          pump();
        });
    return false;
  }

  private long nextNumber() {
    return flights.isEmpty() ? tail.next() : flights.getLast().number() + 1;
  }

  // The fence before the chain begins that the next slot belongs to.
  private Bytes fence() {
    return flights.isEmpty() ? tail.fence() : flights.getLast().slot.fence();
  }

  private void fly(Slot.Content content, List<Append> appends) {
    long number = nextNumber();
    Invariants.check(number < Positions.SLOTS_MAX, "a log has room for another slot", number);
    long base = flights.isEmpty() ? number : flights.getLast().slot.base();
    var slot = new Slot(number, writer, ++sequence, base, fence(), address, content);
    var flight = new Flight(slot, SlotCodec.encode(log, slot), appends, gathering.nanoTime());
    flights.add(flight);
    send(flight);
  }

  private void send(Flight flight) {
    if (flight.abandoned || flight.landed) {
      return;
    }
    flight.attempts++;
    var _ =
        store
            .putIfAbsent(Names.slot(flight.number()), flight.object)
            .whenComplete(
                (creation, failure) -> mailbox.put(() -> sent(flight, creation, failure)));
  }

  private void sent(
      Flight flight, ObjectStore.@Nullable Creation creation, @Nullable Throwable failure) {
    if (flight.abandoned) {
      return;
    }
    switch (creation) {
      case null -> refused(flight, failure);
      case ObjectStore.Creation.Created() -> {
        flight.landed = true;
        settle();
      }
      case ObjectStore.Creation.Exists() -> {
        // By an earlier attempt, perhaps.
        flight.undecided = true;
        look(flight);
      }
      case ObjectStore.Creation.Undecided(_, boolean throttled) -> {
        flight.undecided = true;
        again(flight, throttled, () -> send(flight));
      }
    }
  }

  // The store understood and said no: this attempt did nothing. Without another that might have,
  // the slot was never written, and nothing behind it in its chain will ever count.
  private void refused(Flight flight, @Nullable Throwable failure) {
    if (flight.undecided) {
      again(flight, true, () -> send(flight));
      return;
    }
    LogException why = Failures.unavailable("appending", failure);
    for (Flight void_ : leave(flight)) {
      void_.appends.forEach(append -> append.fail(why));
    }
    failWaiting(why);
    settle();
  }

  // Somebody's object is there: perhaps this writer's own.
  private void look(Flight flight) {
    if (!flight.abandoned) {
      Reply.ofSlot(store, log, flight.number(), mailbox, reply -> looked(flight, reply));
    }
  }

  private void looked(Flight flight, Reply<Slot> reply) {
    if (flight.abandoned) {
      return;
    }
    if (reply instanceof Reply.Failed(var why)) {
      again(flight, Failures.isThrottled(why), () -> look(flight));
      return;
    }
    chain.whenFresh(why -> {
      if (flight.abandoned) {
        return;
      }
      if (why instanceof LogException.Corrupt) {
        damaged(flight, why);
      } else if (why != null) {
        again(flight, false, () -> look(flight));
      } else if (flight.number() < chain.slot()) {
        trimmedUnder();
      } else if (reply instanceof Reply.Found(var there)) {
        judge(flight, there);
      } else if (reply instanceof Reply.Damaged(var damage)) {
        damaged(flight, damage);
      } else {
        // It is there and it is not: asked again, the store says which.
        again(flight, false, () -> send(flight));
      }
    });
  }

  private void judge(Flight flight, Slot there) {
    if (there.isBy(writer, flight.slot.sequence())) {
      flight.landed = true;
      settle();
      return;
    }
    calmSlots = 0;
    handover.lost();
    requeue(leave(flight));
    if (flight.number() == tail.next()) {
      tail.found(there);
    }
    behind = true;
    settle();
  }

  // The log goes on beyond what is known here: looks for its end before anything is sent.
  private void walk() {
    behind = false;
    walking = true;
    tail.board(
        Purpose.APPEND,
        (_, why) -> {
          walking = false;
          if (why instanceof LogException.Corrupt) {
            behind = true;
            failWaiting(why);
          } else {
            pump();
          }
        });
  }

  // This flight and those behind it: whatever becomes of their requests, they do not count.
  private List<Flight> leave(Flight first) {
    var left = new ArrayList<Flight>();
    while (!flights.isEmpty() && flights.getLast().number() >= first.number()) {
      Flight flight = flights.removeLast();
      flight.abandoned = true;
      left.addFirst(flight);
    }
    return left;
  }

  private void requeue(List<Flight> left) {
    for (Flight flight : left.reversed()) {
      putBack(flight.appends);
    }
  }

  private void putBack(List<Append> appends) {
    if (closed != null) {
      appends.forEach(append -> append.fail(closed));
      return;
    }
    queue.putBack(appends);
  }

  // What has landed at the front counts, if what is known of the trim point may be believed.
  private void settle() {
    if (settling) {
      return;
    }
    Flight first = flights.peek();
    if (first == null || !first.landed) {
      pump();
      return;
    }
    settling = true;
    chain.whenFresh(why -> {
      settling = false;
      if (why instanceof LogException.Corrupt && !flights.isEmpty()) {
        damaged(flights.element(), why);
      } else if (why != null) {
        config.seams().timers().after(retryPause(1), () -> mailbox.put(this::settle));
      } else if (flights.isEmpty()) {
        pump();
      } else if (flights.element().number() < chain.slot()) {
        trimmedUnder();
      } else {
        confirm(flights.remove());
        settle();
      }
    });
  }

  private void confirm(Flight flight) {
    // A tail check may have met it before its reply came.
    if (flight.number() == tail.next()) {
      tail.found(flight.slot);
      Invariants.check(tail.lastCounts(), "what is confirmed counts", flight.number());
    }
    calmSlots++;
    handover.won();
    meter.appended(flight.records());
    gathering.answered(flight.crowd(!queue.isEmpty()), flight.beganNanos);
    flight.acknowledge();
    if (!(flight.slot.content() instanceof Slot.Content.Data)) {
      words.remove().said.run();
    }
  }

  // While this process slept, the log was trimmed beyond what is under way. Whether it was there
  // before that, nobody can tell any more; and nobody will read it.
  private void trimmedUnder() {
    giveUp(flights.element(), "the log was trimmed beyond this while it was sent");
    tail.skipTrimmed();
    pump();
  }

  // Whose object it is that stands there, nobody can tell; and nothing is appended behind it.
  private void damaged(Flight flight, LogException why) {
    giveUp(flight, String.valueOf(why.getMessage()));
    failWaiting(why);
    settle();
  }

  // This flight and those behind it may be in the log, and are not looked after any more.
  private void giveUp(Flight first, String reason) {
    LogException why = indeterminate(reason);
    for (Flight flight : leave(first)) {
      flight.appends.forEach(append -> append.fail(why));
      if (!(flight.slot.content() instanceof Slot.Content.Data)) {
        words.remove().failed.tell(why);
      }
    }
    behind = true;
  }

  private void again(Flight flight, boolean slowly, Runnable what) {
    config
        .seams()
        .timers()
        .after(retryPause(slowly ? flight.attempts + 3 : flight.attempts), () -> mailbox.put(what));
  }

  private Duration retryPause(int attempt) {
    long upper = Math.min(RETRY_NANOS_MAX, RETRY_NANOS_MIN << Math.min(attempt, 20));
    return Duration.ofNanos(upper / 4 + config.seams().random().nextLong(upper * 3 / 4));
  }

  // Appends that take too long are told so. What was sent goes on being sent.
  private void expireLater() {
    if (expiryPending) {
      return;
    }
    Append oldest =
        flights.stream()
            .flatMap(flight -> flight.appends.stream())
            .filter(append -> !append.isOver())
            .findFirst()
            .orElseGet(() -> queue.isEmpty() ? null : queue.first());
    if (oldest != null) {
      expiryPending = true;
      long left = oldest.deadlineNanos - config.seams().clock().nanoTime();
      config
          .seams()
          .timers()
          .after(Duration.ofNanos(Math.max(left, 1_000_000)), () -> mailbox.put(this::expire));
    }
  }

  private void expire() {
    expiryPending = false;
    long now = config.seams().clock().nanoTime();
    for (Flight flight : flights) {
      for (Append append : flight.appends) {
        if (append.deadlineNanos - now <= 0) {
          append.fail(indeterminate("the object store did not say what became of it in time"));
        }
      }
    }
    queue.expire(now);
    expireLater();
  }

  private static LogException indeterminate(String why) {
    return new LogException.Indeterminate(why, null);
  }
}
