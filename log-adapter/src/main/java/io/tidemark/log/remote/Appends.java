package io.tidemark.log.remote;

import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.log.AppendRules;
import io.tidemark.log.Appended;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.Precondition;
import io.tidemark.log.remote.v1.AppendResponse;
import io.tidemark.log.remote.v1.Batch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The appends that are not answered yet: those that wait to be sent, and those that were sent.
///
/// ```text
///   append ──▶ waiting ──▶ sent on one link ──▶ answered
///                 │              └─ its link ended, or no answer in time: maybe appended
///                 └─ no link, or it ended: not appended
/// ```
///
/// An append moves from left to right only, and is sent on one link only: that is what makes it at
/// most once. Any thread may call; no future completes under the lock.
final class Appends {
  /// An append that is not answered yet.
  static final class Pending {
    private final List<Bytes> records;
    private final Precondition precondition;
    private final long payloadBytes;
    private final CompletableFuture<Appended> future = new CompletableFuture<>();
    private long deadlineNanos;
    private long number;

    private Pending(List<Bytes> records, Precondition precondition) {
      this.records = List.copyOf(records);
      this.precondition = precondition;
      payloadBytes = records.stream().mapToLong(Bytes::length).sum();
    }

    private long expectedTail() {
      return precondition instanceof Precondition.ExpectedTail(long position) ? position : 0;
    }
  }

  private final RemoteLogConfig config;
  private final Clock clock;
  private final Timers timers;
  private final Connection connection;

  // All guarded by the lock, as is what each link holds as sent.
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private int outstanding;
  private long outstandingBytes;
  private boolean armed;

  Appends(RemoteLogConfig config, Clock clock, Timers timers, Connection connection) {
    this.config = config;
    this.clock = clock;
    this.timers = timers;
    this.connection = connection;
  }

  CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
    var pending = new Pending(records, precondition);
    var settled = new ArrayList<Runnable>();
    synchronized (this) {
      LogException refusal = refusal(pending);
      if (refusal != null) {
        return CompletableFuture.failedFuture(refusal);
      }
      pending.deadlineNanos = clock.nanoTime() + config.appendTimeout().toNanos();
      waiting.add(pending);
      outstanding++;
      outstandingBytes += pending.payloadBytes;
      arm(config.appendTimeout());
      if (connection.state() instanceof Connection.State.Up(Link link)) {
        send(link, settled);
      }
    }
    settled.forEach(Runnable::run);
    return pending.future;
  }

  private @Nullable LogException refusal(Pending pending) {
    switch (connection.state()) {
      case Connection.State.Closed() -> {
        return Connection.closed();
      }
      case Connection.State.Down(LogException cause) -> {
        return cause;
      }
      case Connection.State.First _, Connection.State.Up _ -> {}
    }
    if (outstanding >= config.outstandingAppendsMax()) {
      return new LogException.Overloaded(outstanding + " appends are unanswered");
    }
    if (outstanding > 0 && outstandingBytes + pending.payloadBytes > config.outstandingBytesMax()) {
      return new LogException.Overloaded(outstandingBytes + " bytes of appends are unanswered");
    }
    return null;
  }

  /// Sends what waits, as far as the link takes it.
  void send(Link link) {
    var settled = new ArrayList<Runnable>();
    synchronized (this) {
      if (connection.state() instanceof Connection.State.Up(Link current) && current == link) {
        send(link, settled);
      }
    }
    settled.forEach(Runnable::run);
  }

  private void send(Link link, List<Runnable> settled) {
    while (!waiting.isEmpty() && link.isReady()) {
      Pending pending = waiting.remove();
      long number = link.numberLast + 1;
      Batch batch = Wire.batch(number, pending.records, pending.precondition);
      LogException tooLarge = tooLarge(pending, batch, link.info());
      if (tooLarge != null) {
        settled.add(fail(pending, tooLarge));
        continue;
      }
      pending.number = number;
      link.numberLast = number;
      link.sent.add(pending);
      link.send(batch);
    }
  }

  // The server would refuse a message that is too long by ending the stream, and everything on it
  // would be undecided.
  private static @Nullable LogException tooLarge(Pending pending, Batch batch, LogInfo info) {
    try {
      AppendRules.checkSize(pending.records, info.recordBytesMax(), info.batchBytesMax());
    } catch (LogException.TooLarge tooLarge) {
      return tooLarge;
    }
    long wireBytesMax = (long) info.batchBytesMax() + Wire.BATCH_OVERHEAD_BYTES;
    return batch.getSerializedSize() <= wireBytesMax
        ? null
        : new LogException.TooLarge("a batch as sent", batch.getSerializedSize(), wireBytesMax);
  }

  void replied(Link link, AppendResponse response) {
    Runnable settled;
    synchronized (this) {
      Pending oldest = link.sent.peek();
      settled =
          oldest == null || oldest.number != response.getNumber()
              ? null
              : settle(link.sent.remove(), response);
    }
    if (settled == null) {
      connection.ended(link, connection.unreachable("it answered what was not asked"));
    } else {
      settled.run();
    }
  }

  private Runnable settle(Pending pending, AppendResponse response) {
    return switch (response.getOutcomeCase()) {
      case APPENDED -> {
        release(pending);
        var appended =
            new Appended(response.getAppended().getFirst(), response.getAppended().getNext());
        yield () -> pending.future.complete(appended);
      }
      case FAILURE ->
          fail(
              pending,
              Wire.exception(response.getFailure(), pending.expectedTail(), config.address())
                  .orElseGet(() -> undecided("it failed in a way unknown here", null)));
      case OPENED, OUTCOME_NOT_SET ->
          fail(pending, undecided("it was answered in a way unknown here", null));
    };
  }

  /// Nothing that was sent on the link will be answered any more, and what waits has nowhere to go.
  void ended(Link link, LogException cause) {
    var settled = new ArrayList<Runnable>();
    synchronized (this) {
      for (Pending pending : link.sent) {
        settled.add(fail(pending, undecided("no answer came", cause)));
      }
      link.sent.clear();
      for (Pending pending : waiting) {
        settled.add(fail(pending, cause));
      }
      waiting.clear();
    }
    settled.forEach(Runnable::run);
  }

  private LogException undecided(String why, @Nullable LogException cause) {
    String because = cause == null ? "" : ": " + cause.getMessage();
    return new LogException.Indeterminate(
        "an append to the log at " + config.address() + " is undecided, " + why + because, cause);
  }

  private Runnable fail(Pending pending, LogException failure) {
    release(pending);
    return () -> pending.future.completeExceptionally(failure);
  }

  private void release(Pending pending) {
    outstanding--;
    outstandingBytes -= pending.payloadBytes;
  }

  private void arm(Duration delay) {
    if (!armed) {
      armed = true;
      timers.after(delay, this::expire);
    }
  }

  // Answers come in the order of the appends, so the oldest is the first to be late.
  private void expire() {
    var settled = new ArrayList<Runnable>();
    Link late = null;
    synchronized (this) {
      armed = false;
      Link link = connection.state() instanceof Connection.State.Up(Link up) ? up : null;
      Pending oldest = link != null && !link.sent.isEmpty() ? link.sent.peek() : waiting.peek();
      if (oldest == null || connection.state() instanceof Connection.State.Closed) {
        return;
      }
      long remaining = oldest.deadlineNanos - clock.nanoTime();
      if (remaining > 0) {
        arm(Duration.ofNanos(remaining));
      } else if (link != null) {
        late = link;
      } else {
        waiting.remove(oldest);
        settled.add(fail(oldest, connection.unreachable("not connected in time")));
        arm(Duration.ZERO);
      }
    }
    settled.forEach(Runnable::run);
    if (late != null) {
      connection.ended(
          late,
          connection.unreachable(
              "no answer to an append within " + Connection.text(config.appendTimeout())));
    }
  }
}
