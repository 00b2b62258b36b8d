package io.tidemark.log.s3;

import io.tidemark.base.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps what a process spends on a store to its budget, by making wait what can wait: latency is
/// traded for cost.
///
/// A purse fills at the rate of the budget and holds a minute of it. Every request is paid from it,
/// whatever it is for; while it is not overdrawn nobody waits. Where it is, the next batch of an
/// idle writer and the next tail check wait until it is paid back, but never longer than the
/// budget's delay since the first that waits came. Meanwhile others gather, and share the request.
///
/// So in any time `t` the process spends at most the budget of `t` and a minute, and besides that
/// what does not wait: what is sent when the delay is over, objects that are full, requests that
/// are sent again, a writer's search for the tail after it lost a slot, following the log from slot
/// to slot, opening, trimming. What that overdraws is paid back later, as far as it is an hour's
/// budget at most. Nothing is ever refused.
///
/// Any thread may call.
final class Governor {
  /// How much of the budget, in time, is there at once after a while of rest, and the most that is
  /// paid back.
  static final Duration PURSE = Duration.ofMinutes(1);

  static final Duration DEBT_MAX = Duration.ofHours(1);

  private static final double HOUR_NANOS = Duration.ofHours(1).toNanos();

  private final Optional<Budget> budget;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();

  /// When what was spent so far is paid back, or was; under the lock.
  private long paidNanos;

  Governor(Optional<Budget> budget, Clock clock) {
    this.budget = budget;
    this.clock = clock;
    this.paidNanos = clock.nanoTime() - PURSE.toNanos();
  }

  /// So much was spent just now.
  void spent(double dollars) {
    if (budget.isEmpty()) {
      return;
    }
    long price = (long) Math.ceil(dollars / budget.get().dollarsPerHour() * HOUR_NANOS);
    lock.lock();
    try {
      long now = clock.nanoTime();
      long ahead = Math.max(paidNanos - now, -PURSE.toNanos());
      paidNanos = now + Math.min(ahead + Math.min(price, DEBT_MAX.toNanos()), DEBT_MAX.toNanos());
    } finally {
      lock.unlock();
    }
  }

  /// How much longer something waits that can wait and came at `sinceNanos`; zero if it should wait
  /// no more.
  Duration pause(long sinceNanos) {
    if (budget.isEmpty()) {
      return Duration.ZERO;
    }
    lock.lock();
    try {
      long now = clock.nanoTime();
      long patience = budget.get().delayMax().toNanos() - (now - sinceNanos);
      return Duration.ofNanos(Math.max(0, Math.min(paidNanos - now, patience)));
    } finally {
      lock.unlock();
    }
  }
}
