package io.tidemark.replica;

import io.tidemark.base.Clock;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The way of a command from its caller to the [Appender].
///
/// @param writes the writes that are not answered
/// @param appender gives them to the log
/// @param proposer tells this process's records from others'
/// @param clock the wall clock that goes into records
/// @param shared what all parts of the replica have in common
record WritePath(WriteTable writes, Appender appender, long proposer, Clock clock, Shared shared) {

  /// Has the command appended; the future completes with its answer once it is applied here.
  ///
  /// @param bytes of its keys and values
  /// @throws ReplicaException if it is refused at once
  CompletableFuture<Result> write(
      Command command, Optional<RequestId> requestId, long bytes, long timeoutNanos) {
    PendingWrite write = admit(command, requestId, bytes, timeoutNanos);
    submit(List.of(write));
    return write;
  }

  /// Takes in the command, which [#submit] is then to be given; parameters and failures as in
  /// [#write].
  PendingWrite admit(
      Command command, Optional<RequestId> requestId, long bytes, long timeoutNanos) {
    shared.lifecycle().check();
    long began = shared.uptime().nanos();
    PendingWrite write = writes.admit(bytes, began, began + timeoutNanos);
    write.record =
        ProposalCodec.encode(
            new Proposal(proposer, write.ordinal, requestId, clock.wallMillis(), command));
    return write;
  }

  /// Gives what was taken in to the log, together.
  void submit(List<PendingWrite> admitted) {
    appender.submit(admitted);
    shared.deadlines().arm();
    // Who ended the replica in between may have looked for writes before these were there.
    shared.lifecycle().refusal().ifPresent(appender::failAll);
  }
}
