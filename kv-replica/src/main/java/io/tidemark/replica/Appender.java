package io.tidemark.replica;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.Precondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The agent that appends writes to the log, in the order in which they came.
///
/// It has no thread. Whoever brings it something to do, a write or the log's answer, and finds it
/// idle, is its thread until nothing is left to do; the others leave what they bring and go. None
/// of it blocks. It appends at once while fewer than a bounded number of appends are in flight, and
/// otherwise lets writes gather, so that batches grow with the load and with the log's latency.
///
/// A write is answered by the [Applier]; here it is answered only if it failed.
final class Appender implements Deadlines.Watched {
  /// A batch is full at so many bytes of records; a larger record goes alone.
  private static final int BATCH_BYTES_MAX = 1 << 20;

  private static final int BATCH_RECORDS_MAX = 4_096;

  private final Log log;
  private final WriteTable table;
  private final TailChecker tails;
  private final int inFlightMax;
  private final Shared shared;

  private final ConcurrentLinkedQueue<PendingWrite> queue = new ConcurrentLinkedQueue<>();

  /// How much was brought that its thread of the moment has not looked at; zero while it is idle.
  private final AtomicInteger brought = new AtomicInteger();

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong soonestDeadline = new AtomicLong(Long.MAX_VALUE);

  // When the log last answered, or had nothing to answer before.
  private volatile long answeredNanos;
  private volatile @Nullable LogInfo info;

  Appender(Log log, WriteTable table, TailChecker tails, int inFlightMax, Shared shared) {
    this.log = log;
    this.table = table;
    this.tails = tails;
    this.inFlightMax = inFlightMax;
    this.shared = shared;
  }

  /// Takes writes of the table, whose records are made; they go together as far as there is room.
  void submit(List<PendingWrite> writes) {
    for (PendingWrite write : writes) {
      soonestDeadline.accumulateAndGet(write.deadlineNanos, Math::min);
      queue.add(write);
    }
    work();
  }

  /// Appends from here on: the log was proven to be the view's.
  void open(LogInfo proven) {
    info = proven;
    work();
  }

  int inFlight() {
    return inFlight.get();
  }

  @Override
  public boolean isIdle() {
    return table.count() == 0;
  }

  @Override
  public void expire(long nowNanos) {
    if (soonestDeadline.get() > nowNanos) {
      return;
    }
    // Whoever submits in the meantime lowers it again.
    soonestDeadline.set(Long.MAX_VALUE);
    var expired = new ArrayList<PendingWrite>();
    table.forEach(write -> {
      if (write.deadlineNanos > nowNanos) {
        soonestDeadline.accumulateAndGet(write.deadlineNanos, Math::min);
      } else if (table.take(write)) {
        expired.add(write);
      }
    });
    fail(expired, this::unsent);
  }

  /// Fails every write: with this if it was never sent, and otherwise as of unknown outcome.
  void failAll(ReplicaException failure) {
    var failed = new ArrayList<PendingWrite>();
    table.forEach(write -> {
      if (table.take(write)) {
        failed.add(write);
      }
    });
    fail(failed, _ -> failure);
  }

  private void fail(List<PendingWrite> writes, Function<PendingWrite, ReplicaException> unsent) {
    if (writes.isEmpty()) {
      return;
    }
    var failures = new ArrayList<ReplicaException>(writes.size());
    for (PendingWrite write : writes) {
      failures.add(write.withdraw() ? unsent.apply(write) : outcomeUnknown());
    }
    shared
        .answers()
        .give(() -> {
          for (int i = 0; i < writes.size(); i++) {
            table.fail(writes.get(i), failures.get(i));
          }
        });
  }

  private ReplicaException outcomeUnknown() {
    shared.metrics().writesOutcomeUnknown.inc();
    return new ReplicaException.OutcomeUnknown(
        "the write was given to the log, but was not seen in it before the end of the wait", null);
  }

  private ReplicaException unsent(PendingWrite write) {
    if (info == null) {
      return new ReplicaException.LogUnavailable(
          "the log was not reached since the replica was started", null);
    }
    if (answeredNanos <= write.beganNanos) {
      return new ReplicaException.LogUnavailable(
          "the log has answered none of the appends in flight since the write began", null);
    }
    return new ReplicaException.Overloaded(
        "the write waited for its turn until its deadline passed", null);
  }

  private void work() {
    if (brought.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      shared.lifecycle().guard("appending", this::sendBatches);
      seen = brought.addAndGet(-seen);
    } while (seen != 0);
  }

  private void sendBatches() {
    LogInfo known = info;
    while (known != null && inFlight.get() < inFlightMax) {
      var batch = new ArrayList<PendingWrite>();
      // At most the largest record, so that a record the log refuses takes no other with it.
      int bytesMax = Math.min(BATCH_BYTES_MAX, known.recordBytesMax());
      long bytes = 0;
      PendingWrite next;
      while ((next = queue.peek()) != null
          && batch.size() < BATCH_RECORDS_MAX
          && (batch.isEmpty() || bytes + next.record.length() <= bytesMax)) {
        queue.remove();
        if (next.send()) {
          batch.add(next);
          bytes += next.record.length();
        }
      }
      if (batch.isEmpty()) {
        return;
      }
      send(batch);
    }
  }

  private void send(List<PendingWrite> batch) {
    var records = new ArrayList<Bytes>(batch.size());
    batch.forEach(write -> records.add(write.record));
    long sentNanos = shared.uptime().nanos();
    if (inFlight.getAndIncrement() == 0) {
      answeredNanos = sentNanos;
    }
    shared.metrics().appends.inc();
    shared.metrics().appendRecords.record(batch.size());
    // Read before the append is sent: whoever boards later began later, and must not ride on it.
    long boarded = tails.boarded();
    var _ =
        log.append(records, Precondition.NONE)
            .whenComplete((appended, failure) ->
                shared
                    .lifecycle()
                    .guard(
                        "appending", () -> answered(batch, boarded, sentNanos, appended, failure)));
  }

  private void answered(
      List<PendingWrite> batch,
      long boarded,
      long sentNanos,
      @Nullable Appended appended,
      @Nullable Throwable failure) {
    long now = shared.uptime().nanos();
    answeredNanos = now;
    shared.metrics().appendLatency.recordNanos(now - sentNanos);
    inFlight.decrementAndGet();
    if (appended != null) {
      tails.proven(boarded, appended.first());
    } else if (failure != null) {
      failed(batch, failure);
    }
    work();
  }

  private void failed(List<PendingWrite> batch, Throwable failure) {
    Optional<LogException> cause = LogFailures.of(failure);
    if (cause.isEmpty()) {
      shared.lifecycle().stop("appending: " + failure, failure);
      return;
    }
    switch (cause.get().side()) {
      // The record may still come by; the write waits for it until its deadline.
      case MAYBE_APPENDED -> shared.metrics().appendsIndeterminate.inc();
      case NOT_APPENDED -> {
        shared.metrics().appendsFailed.inc();
        ReplicaException told = LogFailures.told(cause.get());
        batch.removeIf(write -> !table.take(write));
        shared.answers().give(() -> batch.forEach(write -> table.fail(write, told)));
      }
    }
  }
}
