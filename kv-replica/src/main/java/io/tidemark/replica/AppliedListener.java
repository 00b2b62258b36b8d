package io.tidemark.replica;

import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Result;

/// Told of every record that a replica applies while it listens, whoever proposed it, in the order
/// of the log.
@FunctionalInterface
public interface AppliedListener {
  /// A record was applied. Its effects are visible to readers, and nobody here was answered yet.
  ///
  /// Called on the thread `kv-apply`: it must be quick and must not fail; a failure stops the
  /// replica.
  ///
  /// @param revision the record's position
  void applied(long revision, Command command, Result result);

  /// The replica went on from a checkpoint: records before this position were not told, and any
  /// number of keys may have changed. Called like [#applied].
  ///
  /// @param applied the applied position from here on
  default void skipped(long applied) {}
}
