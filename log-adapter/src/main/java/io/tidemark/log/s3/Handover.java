package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.Precondition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Decides when a writer that keeps losing slots hands its appends to another one, and does it.
///
/// Racing is always right, but N writers that race pay for about N requests a slot. Every slot says
/// where its writer takes appends from others, so a loser knows whom to ask: of those who wrote
/// lately the one with the smallest id, so that all ask the same one and nobody is asked by whom it
/// asks. A writer that did not take what it was handed is passed over for a while: perhaps it is
/// gone. It is a hint for speed alone: whoever takes appends from others puts them into slots by
/// the rules that everybody follows, and never hands them on; and when handing over fails, the
/// loser races again. One batch is handed over at a time, so that order is kept.
///
/// Runs in the log's mailbox.
final class Handover {
  /// How many attempts are remembered, how many are enough to judge by, and how many of ten may be
  /// lost (object-storage plan, section 3).
  private static final int ATTEMPTS = 20;

  private static final int ATTEMPTS_MIN = 10;
  private static final int LOST_OF_TEN_MAX = 3;

  /// How many slots back a writer has written lately.
  private static final int LATELY_SLOTS = 64;

  /// So many batches in a row that had their slots to themselves, one after the other: there is no
  /// rival any more.
  private static final int ALONE_MAX = 32;

  private static final long PAUSE_NANOS_MIN = 1_000_000_000L;
  private static final long PAUSE_NANOS_MAX = 30_000_000_000L;

  private final SlotLogConfig config;
  private final Mailbox mailbox;
  private final UUID self;
  private final Map<String, Log> peers = new HashMap<>();
  private final ArrayDeque<Slot> lately = new ArrayDeque<>();

  private int attempts;
  private int losses;
  private final Map<UUID, Silence> silent = new HashMap<>();
  private UUID askedWriter;
  private String asked = "";
  private int alone;
  private long lastSlot = -1;

  /// A writer that did not take what was handed to it, and is asked again after a while.
  private record Silence(long untilNanos, long nanos) {}

  Handover(UUID self, SlotLogConfig config, Mailbox mailbox) {
    this.self = self;
    this.askedWriter = self;
    this.config = config;
    this.mailbox = mailbox;
  }

  /// This writer won a slot.
  void won() {
    count(0);
  }

  /// Another writer won it.
  void lost() {
    count(1);
  }

  /// The log goes on with this slot.
  void saw(Slot slot) {
    // What it carries is not kept for this.
    lately.add(slot.withoutRecords());
    if (lately.size() > LATELY_SLOTS) {
      lately.remove();
    }
  }

  // Older attempts weigh less and less.
  private void count(int lost) {
    if (attempts == ATTEMPTS) {
      attempts = ATTEMPTS / 2;
      losses = losses / 2;
    }
    attempts++;
    losses += lost;
  }

  /// Whether the next appends should be handed over.
  boolean isDue() {
    boolean loses = attempts >= ATTEMPTS_MIN && losses * 10 > attempts * LOST_OF_TEN_MAX;
    if (!loses || config.peers().isEmpty()) {
      return false;
    }
    askedWriter = self;
    asked = "";
    for (Slot slot : lately) {
      if (slot.writer().compareTo(askedWriter) < 0
          && !slot.address().isEmpty()
          && !isSilent(slot.writer())) {
        askedWriter = slot.writer();
        asked = slot.address();
      }
    }
    return !asked.isEmpty();
  }

  private boolean isSilent(UUID writer) {
    Silence silence = silent.get(writer);
    return silence != null && config.seams().clock().nanoTime() - silence.untilNanos() < 0;
  }

  // Perhaps it is gone: then another one is asked, or nobody.
  private void silence(UUID writer) {
    Silence before = silent.get(writer);
    long nanos = before == null ? PAUSE_NANOS_MIN : Math.min(before.nanos() * 2, PAUSE_NANOS_MAX);
    silent.put(writer, new Silence(config.seams().clock().nanoTime() + nanos, nanos));
    silent.keySet().retainAll(lately.stream().map(Slot::writer).collect(Collectors.toSet()));
  }

  private Log connect(String address) {
    return config.peers().orElseThrow().connect(address);
  }

  // Writers that come and go leave their addresses behind. One batch is handed over at a time, so
  // nothing is under way here.
  private void forgetPeers() {
    Set<String> addresses = lately.stream().map(Slot::address).collect(Collectors.toSet());
    peers
        .entrySet()
        .removeIf(peer -> {
          boolean gone = !addresses.contains(peer.getKey());
          if (gone) {
            config.peers().orElseThrow().forget(peer.getValue());
          }
          return gone;
        });
  }

  /// Hands these over as one batch; `done` runs in the mailbox, with those to be sent otherwise.
  void handOver(List<Append> appends, Consumer<List<Append>> done) {
    var records = new ArrayList<Bytes>();
    appends.forEach(append -> records.addAll(append.records));
    var _ =
        append(records)
            .whenComplete((appended, failure) ->
                mailbox.put(() -> done.accept(handed(appends, appended, failure))));
  }

  private CompletableFuture<Appended> append(List<Bytes> records) {
    if (!peers.containsKey(asked)) {
      forgetPeers();
    }
    try {
      return peers.computeIfAbsent(asked, this::connect).append(records, Precondition.NONE);
    } catch (LogException noAddress) {
      return CompletableFuture.failedFuture(noAddress);
    }
  }

  private List<Append> handed(
      List<Append> appends, @Nullable Appended appended, @Nullable Throwable failure) {
    if (appended != null) {
      silent.remove(askedWriter);
      answer(appends, appended);
      judge(appended);
      return List.of();
    }
    silence(askedWriter);
    if (Failures.cause(failure) instanceof LogException known
        && known.side() == LogException.Side.NOT_APPENDED) {
      return appends;
    }
    appends.forEach(append ->
        append.fail(
            new LogException.Indeterminate(
                "the writer at " + asked + " did not say what became of it", failure)));
    return List.of();
  }

  private static void answer(List<Append> appends, Appended appended) {
    long first = appended.first();
    for (Append append : appends) {
      long next = first + append.records.size();
      boolean isLast = append == appends.getLast();
      append.answer.complete(new Appended(first, isLast ? appended.next() : next));
      first = next;
    }
  }

  private void judge(Appended appended) {
    long slot = Positions.slot(appended.first());
    boolean hadItsSlot =
        Positions.index(appended.first()) == 0 && appended.next() == Positions.of(slot + 1);
    alone = hadItsSlot && slot == lastSlot + 1 ? alone + 1 : 0;
    lastSlot = slot;
    if (alone >= ALONE_MAX) {
      alone = 0;
      attempts = 0;
      losses = 0;
    }
  }

  void close() {
    peers.values().forEach(Log::close);
    peers.clear();
  }
}
