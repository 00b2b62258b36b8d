package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.replica.ReadConsistency;
import io.tidemark.replica.Replica;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What a replica's machine does with the requests of clients: the place of the server.
interface Gateway {
  /// More keys than a world has.
  int SCAN_KEYS_MAX = 100;

  /// Does what it is asked, and no more.
  Gateway HONEST = new Gateway() {};

  /// Writes.
  default CompletableFuture<Result> write(
      Replica replica, Command command, Optional<RequestId> requestId, Duration timeout) {
    return replica.write(command, requestId, timeout);
  }

  /// Reads a key.
  default CompletableFuture<ClientOperation.Read> get(
      Replica replica, Bytes key, ReadConsistency consistency, Duration timeout) {
    return replica
        .get(key, consistency, timeout)
        .thenApply(
            read -> new ClientOperation.Read(read.value().stream().toList(), read.revision()));
  }

  /// Reads a range: by itself, or out of a snapshot of everything.
  default CompletableFuture<ClientOperation.Read> scan(
      Replica replica, KeyRange range, ReadConsistency consistency, Duration timeout) {
    if (timeout.toNanos() % 2 == 0) {
      return replica
          .scan(range, Snapshot.Direction.FORWARD, SCAN_KEYS_MAX, consistency)
          .thenApply(read -> new ClientOperation.Read(read.value().keyValues(), read.revision()));
    }
    return replica
        .snapshot(consistency, timeout)
        .thenApply(snapshot -> {
          try (snapshot) {
            return read(snapshot, range);
          }
        });
  }

  /// Everything a snapshot holds in a range.
  static ClientOperation.Read read(Snapshot snapshot, KeyRange range) {
    var found = new ArrayList<KeyValue>();
    try (var cursor = snapshot.scan(range, Snapshot.Direction.FORWARD)) {
      while (cursor.next()) {
        found.add(cursor.keyValue());
      }
    }
    return new ClientOperation.Read(found, snapshot.applied() - 1);
  }
}
