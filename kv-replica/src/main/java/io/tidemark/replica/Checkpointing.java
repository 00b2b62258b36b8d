package io.tidemark.replica;

import io.tidemark.checkpoint.Installation;
import io.tidemark.log.Log;
import io.tidemark.statemachine.Digests;

/// What the parts that deal with checkpoints have in common.
///
/// @param config what is asked of them
/// @param name of this replica in its present run, for people and to know its own
/// @param log the replica's
/// @param stores opens the store
/// @param views opens views that are not the replica's own
/// @param work where directories are kept for a while
/// @param board tells what is done
/// @param folded how far the replica is
/// @param pauses waits
/// @param environment its clock, and chance to spread what several replicas would do at a time
/// @param shared what all parts of the replica have in common
record Checkpointing(
    CheckpointConfig config,
    String name,
    Log log,
    Stores stores,
    Installation.Views views,
    WorkDirectory work,
    Board board,
    Folded folded,
    Pauses pauses,
    Environment environment,
    Shared shared) {

  /// A name that no other run of any replica has.
  static String nameOf(CheckpointConfig config, long proposer) {
    String own = "%016x".formatted(proposer);
    return config.name().isEmpty() ? "replica-" + own : config.name() + " (" + own + ")";
  }

  /// For one walk over a view.
  Digests.Pace pace() {
    return new DigestPace(config.digestShare(), shared.uptime(), pauses, shared.lifecycle());
  }

  boolean isRunning() {
    return shared.lifecycle().isRunning();
  }
}
