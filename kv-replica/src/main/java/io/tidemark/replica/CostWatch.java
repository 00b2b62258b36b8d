package io.tidemark.replica;

import io.tidemark.log.LogCost;
import io.tidemark.log.LogCost.Purpose;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Tells what the log costs a replica, since its start and lately.
///
/// It does nothing by itself: whoever asks leaves a mark, and a later question is answered with
/// what came since the newest mark that is a minute old, or the oldest there is. Any thread may
/// call.
final class CostWatch {
  /// How far back what was lately begins, at least, if the replica is that old.
  static final Duration LATELY = Duration.ofMinutes(1);

  /// How far apart marks are, so that there are few.
  private static final Duration APART = Duration.ofSeconds(10);

  private record Mark(long nanos, LogCost cost, long strongReads) {}

  private final Supplier<Optional<LogCost>> log;
  private final LongSupplier strongReads;
  private final Uptime uptime;

  /// The first is the replica's start; then from the one where what was lately begins to the
  /// newest. Under the lock of this object.
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();

  private final Optional<Mark> start;

  CostWatch(Supplier<Optional<LogCost>> log, LongSupplier strongReads, Uptime uptime) {
    this.log = log;
    this.strongReads = strongReads;
    this.uptime = uptime;
    this.start = log.get().map(this::mark);
    start.ifPresent(marks::add);
  }

  /// What it costs; nothing where the log costs nothing.
  synchronized Optional<ReplicaCost> now() {
    if (start.isEmpty()) {
      return Optional.empty();
    }
    return log.get()
        .map(cost -> {
          Mark now = mark(cost);
          forget(now);
          var told =
              new ReplicaCost(cost, between(start.get(), now), between(marks.getFirst(), now));
          if (now.nanos - marks.getLast().nanos >= APART.toNanos()) {
            marks.add(now);
          }
          return told;
        });
  }

  private Mark mark(LogCost cost) {
    return new Mark(uptime.nanos(), cost, strongReads.getAsLong());
  }

  // The first that stays is the newest that is old enough.
  private void forget(Mark now) {
    while (marks.size() > 1) {
      Mark first = marks.removeFirst();
      if (now.nanos - marks.getFirst().nanos < LATELY.toNanos()) {
        marks.addFirst(first);
        return;
      }
    }
  }

  private static Spending between(Mark from, Mark to) {
    return new Spending(
        Duration.ofNanos(to.nanos - from.nanos),
        to.cost.dollars() - from.cost.dollars(),
        to.cost.recordsAppended() - from.cost.recordsAppended(),
        to.cost.dollars(Purpose.APPEND) - from.cost.dollars(Purpose.APPEND),
        to.strongReads - from.strongReads,
        to.cost.dollars(Purpose.TAIL) - from.cost.dollars(Purpose.TAIL));
  }
}
