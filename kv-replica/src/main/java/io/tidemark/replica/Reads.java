package io.tidemark.replica;

import io.tidemark.log.Log;
import io.tidemark.statemachine.ViewException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// The read path: from a consistency to a proven tail, to a view that is caught up with it, to the
/// value.
///
/// A read that has to wait for nothing is done on its caller's thread. Those that waited are done
/// on the executor, all that one event released in one task; none is ever done on a thread of the
/// replica or the log.
final class Reads implements TailChecker.Stop, AppliedWaiters.Failed {
  private final CurrentView view;
  private final Shared shared;
  private final int waitingMax;
  private final AtomicInteger waiting = new AtomicInteger();
  private final TailChecker tails;
  private final AppliedWaiters waiters;

  Reads(Log log, CurrentView view, int waitingMax, Shared shared) {
    this.view = view;
    this.shared = shared;
    this.waitingMax = waitingMax;
    this.tails = new TailChecker(log, this, shared);
    this.waiters = new AppliedWaiters(view, this);
    shared.deadlines().watch(tails);
    shared.deadlines().watch(waiters);
  }

  TailChecker tails() {
    return tails;
  }

  /// How many reads wait.
  int waiting() {
    return waiting.get();
  }

  /// Answers when the view holds everything that was acknowledged before this call.
  void linearizable(PendingRead<?> read) {
    shared.metrics().readsLinearizable.inc();
    enter();
    long tail = tails.board(read);
    if (tail == TailChecker.WAITS) {
      shared.deadlines().arm();
    } else {
      afterTail(read, tail);
    }
  }

  /// Answers when the view holds everything up to a revision.
  void atLeast(PendingRead<?> read, long revision) {
    shared.metrics().readsAtLeast.inc();
    enter();
    // No position is beyond the greatest revision there can be.
    afterTail(read, revision == Long.MAX_VALUE ? revision : revision + 1);
  }

  /// Answers at once.
  void local(PendingRead<?> read) {
    shared.metrics().readsLocal.inc();
    enter();
    answerHere(read);
  }

  /// Answers with the tail.
  void tail(TailQuery query) {
    enter();
    long tail = tails.board(query);
    if (tail == TailChecker.WAITS) {
      shared.deadlines().arm();
    } else {
      waiting.decrementAndGet();
      query.complete(tail);
    }
  }

  /// Takes the reads that may go ahead now; called after every commit. Whoever takes them has
  /// [#answer(List)] called on the executor.
  List<PendingRead<?>> caughtUp() {
    return waiters.caughtUp();
  }

  /// Fails who waits and who comes to wait.
  void refuse(ReplicaException failure) {
    tails.refuse(failure);
    waiters.refuse(failure);
  }

  /// Reads the view for all of these.
  void answer(List<PendingRead<?>> reads) {
    reads.forEach(this::answer);
  }

  @Override
  public void proven(List<Rider<?>> riders, long tail) {
    var ready = new ArrayList<PendingRead<?>>();
    var queries = new ArrayList<TailQuery>();
    for (Rider<?> rider : riders) {
      switch (rider) {
        case TailQuery query -> queries.add(query);
        case PendingRead<?> read -> {
          if (waiters.isCaughtUp(read, tail)) {
            ready.add(read);
          } else {
            shared.deadlines().arm();
          }
        }
      }
    }
    if (!ready.isEmpty() || !queries.isEmpty()) {
      shared
          .answers()
          .give(() -> {
            queries.forEach(query -> {
              waiting.decrementAndGet();
              query.complete(tail);
            });
            answer(ready);
          });
    }
  }

  @Override
  public void failed(List<? extends Rider<?>> riders, ReplicaException failure) {
    shared
        .answers()
        .give(() ->
            riders.forEach(rider -> {
              waiting.decrementAndGet();
              rider.completeExceptionally(failure);
            }));
  }

  private void enter() {
    if (waiting.incrementAndGet() > waitingMax) {
      waiting.decrementAndGet();
      shared.metrics().readsOverloaded.inc();
      throw new ReplicaException.Overloaded(
          "too many reads wait: at most " + waitingMax + " may", null);
    }
  }

  private void afterTail(PendingRead<?> read, long target) {
    if (waiters.isCaughtUp(read, target)) {
      answerHere(read);
    } else {
      shared.deadlines().arm();
    }
  }

  /// Reads on the caller's thread what is in memory, and on the executor what is not.
  private <T> void answerHere(PendingRead<T> read) {
    answer(
        read,
        () -> {
          Optional<T> found = read.reading().fromMemory(view.now());
          if (found.isEmpty()) {
            shared.answers().give(() -> answer(read));
          }
          return found;
        });
  }

  private <T> void answer(PendingRead<T> read) {
    answer(read, () -> Optional.of(read.reading().read(view.now())));
  }

  private <T> void answer(PendingRead<T> read, Supplier<Optional<T>> reading) {
    Optional<T> value;
    long applied = view.applied();
    try {
      // A view that the replica stopped folding into may be wrong.
      shared.lifecycle().check();
      value = reading.get();
    } catch (ReplicaException ended) {
      failNow(read, ended);
      return;
    } catch (ViewException.Closed _) {
      shared
          .lifecycle()
          .refusal()
          .ifPresentOrElse(refused -> failNow(read, refused), () -> awaitNextView(read, applied));
      return;
    } catch (RuntimeException | Error bug) {
      String reason = "reading the view: " + bug;
      shared.lifecycle().stop(reason, bug);
      failNow(read, new ReplicaException.Stopped(reason));
      return;
    }
    if (value.isPresent()) {
      waiting.decrementAndGet();
      shared.metrics().readLatency.recordNanos(shared.uptime().nanos() - read.beganNanos);
      read.answer(value.get());
    }
  }

  /// The view is being replaced by one that is further, and the read has to wait for that.
  private void awaitNextView(PendingRead<?> read, long applied) {
    if (waiters.isCaughtUp(read, applied + 1)) {
      shared.answers().give(() -> answer(read));
    } else {
      shared.deadlines().arm();
    }
  }

  private void failNow(Rider<?> rider, ReplicaException failure) {
    waiting.decrementAndGet();
    rider.completeExceptionally(failure);
  }
}
