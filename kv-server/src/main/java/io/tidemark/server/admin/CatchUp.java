package io.tidemark.server.admin;

import io.tidemark.base.Clock;
import io.tidemark.server.admin.Check.Outcome;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Whether a view has risen to the tails that were seen: to the first one, which is what starting
/// means, and to the later ones within a time, which is what keeping up means.
///
/// Positions may have gaps, so that their difference says nothing; the time that the view needs to
/// reach a tail does. Any thread may call.
public final class CatchUp {
  private final LongSupplier applied;
  private final Duration lagMax;
  private final Clock clock;

  private boolean started;
  private long firstTail;
  // The oldest tail seen that the view has not reached, and when it was seen; zero if there is
  // none.
  private long awaited;
  private long awaitedSinceNanos;

  /// Follows a view by its applied position.
  ///
  /// @param lagMax how long the view may take to reach a tail
  public CatchUp(LongSupplier applied, Duration lagMax, Clock clock) {
    this.applied = applied;
    this.lagMax = lagMax;
    this.clock = clock;
  }

  /// Takes note of a tail that was proven just now.
  public synchronized void saw(long tail) {
    if (firstTail == 0) {
      firstTail = tail;
    }
    if (awaited == 0 || applied.getAsLong() >= awaited) {
      boolean reached = applied.getAsLong() >= tail;
      awaited = reached ? 0 : tail;
      awaitedSinceNanos = clock.nanoTime();
    }
  }

  /// Whether the view reached the first tail that was seen; once true, for ever.
  public synchronized Outcome started() {
    long now = applied.getAsLong();
    started |= firstTail != 0 && now >= firstTail;
    return Outcome.of(
        started,
        firstTail == 0
            ? "the log has not told its tail yet"
            : "the view is at " + now + " and catches up with " + firstTail);
  }

  /// Whether the view reached every tail that was seen longer ago than it may take.
  public synchronized Outcome keepsUp() {
    long now = applied.getAsLong();
    if (awaited == 0 || now >= awaited) {
      return new Outcome.Passed();
    }
    long millis = (clock.nanoTime() - awaitedSinceNanos) / 1_000_000;
    return Outcome.of(
        millis <= lagMax.toMillis(),
        "the view is at "
            + now
            + " and has not reached "
            + awaited
            + ", the log's tail "
            + millis
            + " ms ago");
  }
}
