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
/// @param timers runs the sweep for passed deadlines and the retries, and the pauses of the
///   [Checkpointer]
/// @param threads makes the threads of the [Applier] and of the [Checkpointer]
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

    /// Puts the complete view in `from` in the place of the one in `directory`, which is closed.
    /// After a crash `directory` holds the former view, or none, or the new one.
    ///
    /// @param aside where the former view is left; not there, and in the same file system
    /// @throws java.io.UncheckedIOException if that fails
    default void replace(Path directory, Path from, Path aside) {
      LocalDirectories.replace(directory, from, aside);
    }

    /// Opens a view that is not the replica's own: a checkpoint that was fetched. Whoever asks
    /// closes it.
    ///
    /// @throws io.tidemark.statemachine.ViewException if it cannot be opened
    default StoredView openAside(Path directory) {
      return open(directory, ASIDE_BYTES);
    }

    /// What a view that is not the replica's own may hold in memory.
    long ASIDE_BYTES = 16L << 20;
  }
}
