package io.tidemark.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Reads that wait for the view to be caught up with: the one that needs least first.
final class AppliedWaiters implements Deadlines.Watched {
  /// What becomes of reads that waited in vain.
  interface Failed {
    /// These reads wait no more and are told this.
    void failed(List<? extends Rider<?>> reads, ReplicaException failure);
  }

  private final CurrentView view;
  private final Failed onFailed;
  private final Object lock = new Object();

  // Under the lock.
  private final PriorityQueue<PendingRead<?>> reads =
      new PriorityQueue<>(Comparator.comparingLong((PendingRead<?> read) -> read.target));
  private @Nullable ReplicaException refusal;
  private long soonestDeadline = Long.MAX_VALUE;

  AppliedWaiters(CurrentView view, Failed onFailed) {
    this.view = view;
    this.onFailed = onFailed;
  }

  /// Whether the read may go ahead: the view is caught up with `target`. Otherwise it waits here,
  /// and comes out of [#caughtUp()] or fails.
  boolean isCaughtUp(PendingRead<?> read, long target) {
    if (view.applied() >= target) {
      return true;
    }
    read.target = target;
    ReplicaException refused;
    synchronized (lock) {
      // Asked again: a commit in between has looked for waiters before this one was there.
      if (view.applied() >= target) {
        return true;
      }
      refused = refusal;
      if (refused == null) {
        reads.add(read);
        soonestDeadline = Math.min(soonestDeadline, read.deadlineNanos);
      }
    }
    if (refused != null) {
      onFailed.failed(List.of(read), refused);
    }
    return false;
  }

  /// Takes out the reads that may go ahead; called after every commit.
  List<PendingRead<?>> caughtUp() {
    synchronized (lock) {
      PendingRead<?> first = reads.peek();
      long applied = view.applied();
      if (first == null || first.target > applied) {
        return List.of();
      }
      var ready = new ArrayList<PendingRead<?>>();
      while (first != null && first.target <= applied) {
        ready.add(reads.remove());
        first = reads.peek();
      }
      return ready;
    }
  }

  /// Fails who waits and who comes.
  void refuse(ReplicaException failure) {
    List<PendingRead<?>> failed;
    synchronized (lock) {
      refusal = failure;
      failed = new ArrayList<>(reads);
      reads.clear();
    }
    if (!failed.isEmpty()) {
      onFailed.failed(failed, failure);
    }
  }

  @Override
  public boolean isIdle() {
    synchronized (lock) {
      return reads.isEmpty();
    }
  }

  @Override
  public void expire(long nowNanos) {
    var expired = new ArrayList<PendingRead<?>>();
    synchronized (lock) {
      if (soonestDeadline > nowNanos) {
        return;
      }
      soonestDeadline = Long.MAX_VALUE;
      reads.removeIf(read -> {
        boolean over = read.deadlineNanos <= nowNanos;
        if (over) {
          expired.add(read);
        } else {
          soonestDeadline = Math.min(soonestDeadline, read.deadlineNanos);
        }
        return over;
      });
    }
    if (!expired.isEmpty()) {
      onFailed.failed(
          expired,
          new ReplicaException.TimedOut(
              "the replica has applied everything before "
                  + view.applied()
                  + " and did not catch up with what the read needs in time"));
    }
  }
}
