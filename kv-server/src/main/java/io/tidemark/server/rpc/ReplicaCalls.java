package io.tidemark.server.rpc;

import io.tidemark.base.Bytes;
import io.tidemark.replica.ReadConsistency;
import io.tidemark.replica.ReadResult;
import io.tidemark.replica.ReplicaStatus;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.Snapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What the services ask of a replica. No call blocks; futures fail with a [ReplicaException] and
/// may complete on any thread.
public interface ReplicaCalls {
  /// Has the command done, once, and answers with its result when that is durable.
  CompletableFuture<Result> write(Command command, Optional<RequestId> requestId, Duration timeout);

  /// Reads one key.
  CompletableFuture<ReadResult<Optional<KeyValue>>> get(
      Bytes key, ReadConsistency consistency, Duration timeout);

  /// The view, as current as asked for. Who receives it closes it.
  CompletableFuture<Snapshot> snapshot(ReadConsistency consistency, Duration timeout);

  /// The log's tail, proven now.
  CompletableFuture<Long> checkTail(Duration timeout);

  /// How the replica is doing.
  ReplicaStatus status();
}
