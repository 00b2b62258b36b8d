package io.tidemark.server;

import io.tidemark.base.Bytes;
import io.tidemark.replica.ReadConsistency;
import io.tidemark.replica.ReadResult;
import io.tidemark.replica.Replica;
import io.tidemark.replica.ReplicaStatus;
import io.tidemark.server.rpc.ReplicaCalls;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.Snapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The replica in this process, as the services call it.
record LocalReplica(Replica replica) implements ReplicaCalls {
  @Override
  public CompletableFuture<Result> write(
      Command command, Optional<RequestId> requestId, Duration timeout) {
    return replica.write(command, requestId, timeout);
  }

  @Override
  public CompletableFuture<ReadResult<Optional<KeyValue>>> get(
      Bytes key, ReadConsistency consistency, Duration timeout) {
    return replica.get(key, consistency, timeout);
  }

  @Override
  public CompletableFuture<Snapshot> snapshot(ReadConsistency consistency, Duration timeout) {
    return replica.snapshot(consistency, timeout);
  }

  @Override
  public CompletableFuture<Long> checkTail(Duration timeout) {
    return replica.checkTail(timeout);
  }

  @Override
  public ReplicaStatus status() {
    return replica.status();
  }
}
