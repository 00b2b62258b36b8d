package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.replica.ReadConsistency;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import java.util.List;
import java.util.Optional;

/// One operation of one client, with all that its client knows of it, and when, by the clock of the
/// world.
///
/// @param id unique in the world; every value that the operation writes contains it
/// @param client who asked; after an outcome that is not known, a client goes on as another one
/// @param asked what was asked
/// @param calledNanos when it was called
/// @param returnedNanos when its client knew the outcome
/// @param acknowledgedTail the greatest tail that any append had been acknowledged with when it was
///   called
/// @param ended what its client knows
record ClientOperation(
    int id,
    int client,
    Asked asked,
    long calledNanos,
    long returnedNanos,
    long acknowledgedTail,
    Ended ended) {

  /// What an operation asks for.
  sealed interface Asked {}

  /// A change.
  record Write(Command command, Optional<RequestId> requestId) implements Asked {}

  /// What one key holds.
  record Get(Bytes key, ReadConsistency consistency) implements Asked {}

  /// What a range holds.
  record Scan(KeyRange range, ReadConsistency consistency) implements Asked {}

  /// What is known of an operation.
  sealed interface Ended {}

  /// The change was made, or decided against.
  record Wrote(Result result) implements Ended {}

  /// What was read, and the revision up to which the answer includes everything.
  record Read(List<KeyValue> found, long revision) implements Ended {}

  /// It certainly never happens.
  record Failed(String why) implements Ended {}

  /// It happened, or will, or never.
  record Unknown(String why) implements Ended {}

  /// Whether it was a read that promised to be current.
  boolean isLinearizableRead() {
    return switch (asked) {
      case Write _ -> false;
      case Get(_, var consistency) -> consistency instanceof ReadConsistency.Linearizable;
      case Scan(_, var consistency) -> consistency instanceof ReadConsistency.Linearizable;
    };
  }

  @Override
  public String toString() {
    return "#%d of client %d, %d to %d us: %s -> %s"
        .formatted(id, client, calledNanos / 1_000, returnedNanos / 1_000, asked, ended);
  }
}
