package io.tidemark.client;

import io.tidemark.api.v1.BatchGetRequest;
import io.tidemark.api.v1.DeleteRangeRequest;
import io.tidemark.api.v1.DeleteRequest;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.base.Bytes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/// The asynchronous face of a [TidemarkClient], and what is said there holds here.
///
/// Every future completes by the client's deadline, exceptionally with a [TidemarkException] and
/// nothing else. It completes on a network thread of the client: what follows must not block there,
/// and above all not wait for another request (`thenApplyAsync` and its like go elsewhere). A
/// future that the caller cancels or completes ends the tries; the request may still happen.
///
/// Where more is under way than the client's bounds allow, a request fails at once with
/// [OverloadedException].
public final class AsyncTidemarkClient {
  private final Core core;

  AsyncTidemarkClient(Core core) {
    this.core = core;
  }

  /// Reads one key, linearizable.
  public CompletableFuture<GetResult> get(Bytes key) {
    return get(key, Consistency.linearizable());
  }

  /// Reads one key.
  public CompletableFuture<GetResult> get(Bytes key, Consistency consistency) {
    return core.read(
        Kinds.GET,
        GetRequest.newBuilder()
            .setKey(Wire.bytes(key))
            .setConsistency(Wire.consistency(consistency, core.revisionSeen()))
            .build(),
        Size.of(key));
  }

  /// Reads many keys at one revision; at most [ServerInfo.Limits#batchKeysMax] of them.
  public CompletableFuture<BatchGetResult> batchGet(List<Bytes> keys, Consistency consistency) {
    return core.read(
        Kinds.BATCH_GET,
        BatchGetRequest.newBuilder()
            .addAllKeys(keys.stream().map(Wire::bytes).toList())
            .setConsistency(Wire.consistency(consistency, core.revisionSeen()))
            .build(),
        Size.of(keys));
  }

  /// Writes one key.
  public CompletableFuture<PutResult> put(Bytes key, Bytes value) {
    return core.write(
        Kinds.PUT,
        id ->
            PutRequest.newBuilder()
                .setKey(Wire.bytes(key))
                .setValue(Wire.bytes(value))
                .setRequestId(id)
                .build(),
        Size.of(key, value));
  }

  /// Removes one key; one that is not there is no error.
  public CompletableFuture<DeleteResult> delete(Bytes key) {
    return core.write(
        Kinds.DELETE,
        id -> DeleteRequest.newBuilder().setKey(Wire.bytes(key)).setRequestId(id).build(),
        Size.of(key));
  }

  /// Removes every key of the range, at one revision.
  public CompletableFuture<DeleteRangeResult> deleteRange(KeyRange range) {
    return core.write(
        Kinds.DELETE_RANGE,
        id -> DeleteRangeRequest.newBuilder().setRange(Wire.range(range)).setRequestId(id).build(),
        Size.of(range));
  }

  /// Decides on conditions and does one of two lists of operations, at one revision. Conditions
  /// that do not hold are an answer, not an error.
  public CompletableFuture<TransactResult> transact(Transaction transaction) {
    return core.write(
        Kinds.TRANSACT, id -> Wire.transaction(transaction, id), Size.of(transaction));
  }

  /// Reads the keys of a range in order, all at one revision.
  ///
  /// Each subscriber gets a scan of its own, which begins at its first `request`; each unit of
  /// demand is one page. A scan that was cut off before its first page begins again by itself; one
  /// that was cut off later fails, because another replica might not have its revision. While pages
  /// are asked for, each comes within the client's deadline or the scan fails.
  public Flow.Publisher<ScanPage> scan(ScanRequest request) {
    return subscriber -> new ScanStream(core, request, subscriber).begin();
  }

  /// Tells what the server that this client now uses is, and how far it has come.
  public CompletableFuture<ServerInfo> serverInfo() {
    return core.serverInfo();
  }
}
