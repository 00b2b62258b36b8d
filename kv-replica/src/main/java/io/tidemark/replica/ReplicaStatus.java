package io.tidemark.replica;

import java.util.Optional;
import java.util.UUID;

/// How a replica is doing, as of one moment.
///
/// @param state whether it answers
/// @param logId the log that its view belongs to; empty before it has ever reached one
/// @param logProven whether that log was reached and proven to be the view's since the start
/// @param applied everything before this position is folded into the view
/// @param logTimeMillis the log's time: the greatest proposal time applied, in milliseconds since
///   1970; zero before the first
/// @param writesWaiting writes that are not answered
/// @param writeBytesWaiting what those occupy: their keys and values, and 256 bytes each
/// @param readsWaiting reads that wait for the log's tail or to be caught up with
/// @param cost what the log costs; nothing where its requests cost nothing
/// @param checkpoints how it takes part in checkpoints; nothing where it does not
public record ReplicaStatus(
    State state,
    Optional<UUID> logId,
    boolean logProven,
    long applied,
    long logTimeMillis,
    int writesWaiting,
    long writeBytesWaiting,
    int readsWaiting,
    Optional<ReplicaCost> cost,
    Optional<CheckpointStatus> checkpoints) {

  /// Whether the replica answers.
  public sealed interface State {
    /// It does, as far as the log is there.
    record Running() implements State {}

    /// It stopped itself for good, for this reason.
    record Stopped(String reason) implements State {}

    /// Its owner closed it.
    record Closed() implements State {}
  }
}
