package io.tidemark.replica;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.statemachine.StoredView;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/// Everything a replica takes from the world besides its log and its directory. Who gives it owns
/// it, and closes it after the replica.
///
/// @param clock deadlines and latencies, and the wall clock that goes into records
/// @param timers runs the sweep for passed deadlines and the retries at the start
/// @param threads makes the one thread of the [Applier]
/// @param executor reads the view for those who had to wait, and completes futures; it may have any
///   number of threads and must not reject while the replica is open
/// @param random draws the proposer's number
/// @param views opens views
public record Environment(
    Clock clock,
    Timers timers,
    ThreadFactory threads,
    Executor executor,
    RandomGenerator random,
    Views views) {

  /// Opens views.
  public interface Views {
    /// Opens the view in the directory, or begins a new one there. The replica closes it.
    ///
    /// @param memoryBytes what it may hold in memory
    /// @throws io.tidemark.statemachine.ViewException if it cannot be opened
    StoredView open(Path directory, long memoryBytes);
  }
}
