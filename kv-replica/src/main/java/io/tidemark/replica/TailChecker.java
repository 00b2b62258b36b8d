package io.tidemark.replica;

import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.Tail;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The agent that proves the log's tail to reads: the bus.
///
/// Riders share one tail check, and ride only on what was sent after they arrived: a check, or an
/// append of this replica. A check departs at once while none is under way; who arrives during one
/// takes the next, or an append that is sent and answered sooner. There is no timer.
///
/// ```text
///   rider 1 arrives ─▶ check A departs ────────▶ proves T1 to 1
///   rider 2 arrives ──────▶ (A has left)  check B departs ──▶ proves T2 to 2, 3
///   rider 3 arrives ──────────▶ (A has left)
///   append sent ────────────────▶ acknowledged at F: proves F to 2, 3, and B never departs
/// ```
///
/// It has no thread: the rider that finds the stand empty departs itself, and whoever brings the
/// answer of a check sends the next. None of it blocks. While the log answers checks at once (a log
/// in this process) there is nothing to share, and every rider asks for itself.
final class TailChecker implements Deadlines.Watched {
  /// What becomes of riders.
  interface Stop {
    /// The tail was proven to these riders, who have left the bus.
    void proven(List<Rider<?>> riders, long tail);

    /// These riders have left the bus and are told this.
    void failed(List<? extends Rider<?>> riders, ReplicaException failure);
  }

  /// The answer of [#board(Rider)] to a rider to whom nothing is proven yet.
  static final long WAITS = 0;

  private final Log log;
  private final Stop stop;
  private final Shared shared;

  private final Object lock = new Object();

  // Under the lock. The riders wait in the order of their tickets.
  private final ArrayDeque<Rider<?>> riders = new ArrayDeque<>();
  private long tickets;
  private boolean checking;
  private boolean open;
  private @Nullable ReplicaException refusal;
  private long soonestDeadline = Long.MAX_VALUE;

  private volatile boolean answersAtOnce;
  private volatile long tailSeen;

  TailChecker(Log log, Stop stop, Shared shared) {
    this.log = log;
    this.stop = stop;
    this.shared = shared;
  }

  /// Takes a rider in; returns a proven tail if there was nothing to wait for, and otherwise
  /// [#WAITS]: the rider is then seen to by [Stop], perhaps before this returns.
  long board(Rider<?> rider) {
    if (answersAtOnce) {
      long tail = askAlone();
      if (tail != WAITS) {
        return tail;
      }
    }
    long boarded;
    ReplicaException refused;
    synchronized (lock) {
      refused = refusal;
      if (refused == null) {
        rider.ticket = ++tickets;
        riders.addLast(rider);
        soonestDeadline = Math.min(soonestDeadline, rider.deadlineNanos);
        if (!open || checking) {
          return WAITS;
        }
        checking = true;
      }
      boarded = tickets;
    }
    if (refused != null) {
      stop.failed(List.of(rider), refused);
      return WAITS;
    }
    return depart(boarded, rider);
  }

  /// How many riders have arrived so far: what is sent from now on may prove the tail to them, and
  /// to none who come later.
  long boarded() {
    synchronized (lock) {
      return tickets;
    }
  }

  /// An append that was sent after this many had boarded was acknowledged at `first`: whatever was
  /// acknowledged before it was sent is below.
  void proven(long boarded, long first) {
    List<Rider<?>> released = leave(boarded);
    if (!released.isEmpty()) {
      shared.metrics().readsRodeOnWrites.inc(released.size());
      stop.proven(released, first);
    }
  }

  /// Lets checks depart: the log was proven to be the view's.
  void open(long tail) {
    long boarded;
    synchronized (lock) {
      if (!shared.lifecycle().isRunning()) {
        return;
      }
      open = true;
      refusal = null;
      tailSeen = tail;
      if (riders.isEmpty() || checking) {
        return;
      }
      checking = true;
      boarded = tickets;
    }
    depart(boarded, null);
  }

  /// Fails who waits and who comes, until [#open(long)] or for good.
  void refuse(ReplicaException failure) {
    List<Rider<?>> failed;
    synchronized (lock) {
      refusal = failure;
      answersAtOnce = false;
      failed = leave(tickets);
    }
    if (!failed.isEmpty()) {
      stop.failed(failed, failure);
    }
  }

  /// The greatest tail that was ever proven here.
  long tailSeen() {
    return tailSeen;
  }

  @Override
  public boolean isIdle() {
    synchronized (lock) {
      return riders.isEmpty();
    }
  }

  @Override
  public void expire(long nowNanos) {
    var expired = new ArrayList<Rider<?>>();
    synchronized (lock) {
      if (soonestDeadline > nowNanos) {
        return;
      }
      soonestDeadline = Long.MAX_VALUE;
      riders.removeIf(rider -> {
        boolean over = rider.deadlineNanos <= nowNanos;
        if (over) {
          expired.add(rider);
        } else {
          soonestDeadline = Math.min(soonestDeadline, rider.deadlineNanos);
        }
        return over;
      });
    }
    if (!expired.isEmpty()) {
      stop.failed(
          expired,
          new ReplicaException.LogUnavailable(
              "the log has answered no tail check within the read's timeout", null));
    }
  }

  private long askAlone() {
    shared.metrics().tailChecks.inc();
    CompletableFuture<Tail> check = log.checkTail();
    if (check.state() == Future.State.SUCCESS) {
      shared.metrics().tailRiders.record(1);
      return check.join().position();
    }
    answersAtOnce = false;
    return WAITS;
  }

  /// Sends a check for the first `boarded` riders. If its answer is there at once and `own` is
  /// among them, the tail is returned rather than given to `own` by [Stop].
  private long depart(long boarded, @Nullable Rider<?> own) {
    shared.metrics().tailChecks.inc();
    long sentNanos = shared.uptime().nanos();
    CompletableFuture<Tail> check;
    try {
      check = log.checkTail();
    } catch (RuntimeException bug) {
      shared.lifecycle().stop("checking the tail: " + bug, bug);
      return WAITS;
    }
    boolean atOnce = check.state() == Future.State.SUCCESS;
    answersAtOnce = atOnce;
    if (atOnce) {
      boolean ownReleased = arrived(boarded, sentNanos, check.join().position(), own);
      // What gathered meanwhile is no work for somebody who has his answer.
      shared.answers().give(this::departIfAwaited);
      return ownReleased ? check.join().position() : WAITS;
    }
    var _ =
        check.whenComplete((tail, failure) ->
            shared
                .lifecycle()
                .guard(
                    "checking the tail",
                    () -> {
                      answered(boarded, sentNanos, tail, failure);
                      departIfAwaited();
                    }));
    return WAITS;
  }

  private void answered(
      long boarded, long sentNanos, @Nullable Tail tail, @Nullable Throwable failure) {
    if (tail != null) {
      arrived(boarded, sentNanos, tail.position(), null);
    } else if (failure != null) {
      failed(boarded, failure);
    }
  }

  private void departIfAwaited() {
    long boarded;
    synchronized (lock) {
      checking = !riders.isEmpty();
      if (!checking) {
        return;
      }
      boarded = tickets;
    }
    depart(boarded, null);
  }

  /// Releases the first `boarded` riders, except for `own`; whether that was among them.
  private boolean arrived(long boarded, long sentNanos, long tail, @Nullable Rider<?> own) {
    shared.metrics().tailLatency.recordNanos(shared.uptime().nanos() - sentNanos);
    List<Rider<?>> released;
    synchronized (lock) {
      tailSeen = Math.max(tailSeen, tail);
      released = leave(boarded);
    }
    shared.metrics().tailRiders.record(released.size());
    boolean ownReleased = own != null && released.remove(own);
    if (!released.isEmpty()) {
      stop.proven(released, tail);
    }
    return ownReleased;
  }

  private void failed(long boarded, Throwable failure) {
    shared.metrics().tailChecksFailed.inc();
    Optional<LogException> cause = LogFailures.of(failure);
    if (cause.isEmpty()) {
      shared.lifecycle().stop("checking the tail: " + failure, failure);
      return;
    }
    List<Rider<?>> failed = leave(boarded);
    if (!failed.isEmpty()) {
      stop.failed(failed, LogFailures.told(cause.get()));
    }
  }

  /// Takes out the first `boarded` riders.
  private List<Rider<?>> leave(long boarded) {
    synchronized (lock) {
      var left = new ArrayList<Rider<?>>();
      Rider<?> first;
      while ((first = riders.peekFirst()) != null && first.ticket <= boarded) {
        left.add(riders.removeFirst());
      }
      return left;
    }
  }
}
