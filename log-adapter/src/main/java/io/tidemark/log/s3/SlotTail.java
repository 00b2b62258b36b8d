package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.base.Invariants;
import io.tidemark.log.LogCost.Purpose;
import io.tidemark.log.LogException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Knows the log up to the first slot that is not known to exist, and finds out how much further it
/// goes: by asking for one slot after the other until there is none.
///
/// That is a tail check. A slot that was acknowledged to anybody exists, and so do all before it,
/// so a request that finds none lies behind everything acknowledged before it was sent. Who wants
/// to know the tail boards the next request that is sent; a request already under way proves
/// nothing to them. It is sent at once, unless the budget makes those who ask for the tail or
/// follow the log wait a little, for more to share it.
///
/// Runs in the log's mailbox.
final class SlotTail {
  /// Wants to know the tail.
  interface Rider {
    /// No slot at or after `tail` is acknowledged by what was acknowledged before this rider
    /// boarded; `why` instead where that cannot be proven.
    void arrived(long tail, @Nullable LogException why);
  }

  private record Boarded(Purpose why, long sinceNanos, Rider rider) {
    boolean canWait() {
      return why == Purpose.TAIL || why == Purpose.FOLLOW;
    }
  }

  private final Meter meter;
  private final UUID log;
  private final Mailbox mailbox;
  private final TrimChain chain;
  private final Shown shown;
  private final SlotLogConfig config;
  private final List<Boarded> waiting = new ArrayList<>();
  private final List<Boarded> aboard = new ArrayList<>();

  private long next;
  private Bytes fence = Bytes.EMPTY;
  private Slot.@Nullable Judged last;
  private long sealSlot = -1;
  private Consumer<Slot> listener = _ -> {};
  private boolean probing;
  private final Pause pause;
  private boolean pollPending;
  private Duration pollDelay;

  SlotTail(
      Meter meter, UUID log, Mailbox mailbox, TrimChain chain, Shown shown, SlotLogConfig config) {
    this.meter = meter;
    this.log = log;
    this.mailbox = mailbox;
    this.chain = chain;
    this.shown = shown;
    this.config = config;
    this.pollDelay = config.reading().pollMin();
    this.pause = new Pause(config.seams().timers(), mailbox, this::depart);
  }

  /// The first slot not known to exist.
  long next() {
    return next;
  }

  /// The token of the log's fence before [#next].
  Bytes fence() {
    return fence;
  }

  /// The slot that ended the log and is its final tail, or -1.
  long sealSlot() {
    return sealSlot;
  }

  /// Tells of every slot that is found from now on.
  void listen(Consumer<Slot> onFound) {
    listener = onFound;
  }

  /// Every slot before this one, which begins a chain, exists.
  void startAt(long slot) {
    next = slot;
    last = null;
    shown.jump(chain.slot(), slot);
  }

  /// Tells the rider the tail, and runs it in the mailbox. Who wants the tail to append does not
  /// wait for others; who reads or follows may.
  void board(Purpose why, Rider rider) {
    if (sealSlot >= 0) {
      rider.arrived(sealSlot, null);
      return;
    }
    waiting.add(new Boarded(why, config.seams().clock().nanoTime(), rider));
    depart();
  }

  /// The slot at [#next] is this one.
  void found(Slot slot) {
    Invariants.check(slot.number() == next, "slots are found in order", slot.number(), next);
    if (slot.base() == slot.number()) {
      // Whoever begins a chain knows the fence; at the trim point this is how it is learnt.
      fence = slot.fence();
    }
    Slot.Judged judged = slot.after(last);
    if (judged.counts()) {
      switch (slot.content()) {
        case Slot.Content.Data _ -> {}
        case Slot.Content.Fence(Bytes token) -> fence = token;
        case Slot.Content.Seal() -> sealSlot = next;
      }
    }
    last = judged;
    next++;
    pollDelay = config.reading().pollMin();
    listener.accept(slot);
    shown.add(judged);
  }

  /// Whether the last slot found counts.
  boolean lastCounts() {
    return last != null && last.counts();
  }

  /// The trim point has gone beyond [#next], while this process slept or read slowly.
  void skipTrimmed() {
    if (chain.slot() > next) {
      startAt(chain.slot());
    } else {
      shown.jump(chain.slot(), next);
    }
  }

  /// Somebody reads at the tail: looks for more from time to time, until nobody does.
  void pollWhileRead() {
    if (pollPending || sealSlot >= 0) {
      return;
    }
    pollPending = true;
    config.seams().timers().after(pollDelay, () -> mailbox.put(this::poll));
  }

  private void poll() {
    pollPending = false;
    if (!shown.isReaderAtTail()) {
      return;
    }
    long nanos = Math.min(pollDelay.toNanos() * 3 / 2, config.reading().pollMax().toNanos());
    pollDelay = Duration.ofNanos(nanos);
    board(
        Purpose.FOLLOW,
        (_, _) -> {
          if (shown.isReaderAtTail()) {
            pollWhileRead();
          }
        });
  }

  /// The log is closed: who still waits for a request is told why there is none.
  void close(LogException why) {
    var late = List.copyOf(waiting);
    waiting.clear();
    late.forEach(boarded -> boarded.rider.arrived(0, why));
  }

  private void depart() {
    if (probing || waiting.isEmpty()) {
      return;
    }
    boolean canWait = waiting.stream().allMatch(Boarded::canWait);
    long since = waiting.getFirst().sinceNanos;
    if (pause.isOver(canWait ? meter.governor().pause(since) : Duration.ZERO)) {
      probing = true;
      goAboard();
      probe();
    }
  }

  private void goAboard() {
    aboard.addAll(waiting);
    waiting.clear();
  }

  private void probe() {
    long slot = next;
    Reply.ofSlot(store(), log, slot, mailbox, reply -> probed(slot, reply));
  }

  // A request that serves those who asked for the tail is theirs, and else who came first has it.
  private ObjectStore store() {
    boolean asked = aboard.stream().anyMatch(boarded -> boarded.why == Purpose.TAIL);
    return meter.store(asked ? Purpose.TAIL : aboard.getFirst().why);
  }

  private void probed(long slot, Reply<Slot> reply) {
    if (reply instanceof Reply.Failed(var why)) {
      arrive(0, Failures.unavailable("asking for the tail", why));
      return;
    }
    chain.whenFresh(why -> {
      if (why != null) {
        arrive(0, why);
      } else if (slot < chain.slot()) {
        // What was seen there says nothing: the log begins further on.
        skipTrimmed();
        goOn();
      } else {
        judge(slot, reply);
      }
    });
  }

  // The writer may have seen the slot meanwhile.
  private void judge(long slot, Reply<Slot> reply) {
    switch (reply) {
      case Reply.Found(var there) -> {
        if (slot == next) {
          found(there);
        }
        goOn();
      }
      case Reply.Damaged(var why) -> {
        if (slot == next) {
          arrive(0, why);
        } else {
          goOn();
        }
      }
      case Reply.Absent(), Reply.Failed(_) -> arrive(slot, null);
    }
  }

  private void goOn() {
    if (sealSlot >= 0) {
      arrive(sealSlot, null);
      return;
    }
    goAboard();
    probe();
  }

  private void arrive(long tail, @Nullable LogException why) {
    probing = false;
    if (why instanceof LogException.Corrupt) {
      shown.damaged(why);
    }
    var riders = List.copyOf(aboard);
    aboard.clear();
    riders.forEach(boarded -> boarded.rider.arrived(tail, why));
    if (sealSlot >= 0) {
      var late = List.copyOf(waiting);
      waiting.clear();
      late.forEach(boarded -> boarded.rider.arrived(sealSlot, null));
    }
    depart();
  }
}
