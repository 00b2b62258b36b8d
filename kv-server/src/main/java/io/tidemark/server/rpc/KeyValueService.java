package io.tidemark.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tidemark.api.v1.BatchGetRequest;
import io.tidemark.api.v1.BatchGetResponse;
import io.tidemark.api.v1.DeleteRangeRequest;
import io.tidemark.api.v1.DeleteRangeResponse;
import io.tidemark.api.v1.DeleteRequest;
import io.tidemark.api.v1.DeleteResponse;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.GetResponse;
import io.tidemark.api.v1.GetServerInfoRequest;
import io.tidemark.api.v1.GetServerInfoResponse;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.api.v1.OpenSessionRequest;
import io.tidemark.api.v1.OpenSessionResponse;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.api.v1.PutResponse;
import io.tidemark.api.v1.ScanRequest;
import io.tidemark.api.v1.ScanResponse;
import io.tidemark.api.v1.TransactRequest;
import io.tidemark.api.v1.TransactResponse;
import io.tidemark.base.InvariantViolation;
import io.tidemark.replica.Limits;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Result;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/// `kv.v1.KeyValue` over a replica: checks and converts what comes in, and what goes out.
///
/// Handlers run on the transport's threads and never block: the answer goes out from whichever
/// thread completes it. What reads many keys runs on the threads of [SnapshotReads].
public final class KeyValueService extends KeyValueGrpc.KeyValueImplBase {
  private final ReplicaCalls replica;
  private final Requests requests;
  private final Deadlines deadlines;
  private final SnapshotReads reads;
  private final ServerInfo info;

  /// Serves this replica.
  ///
  /// @param limits what requests are held to; at most the replica's own
  /// @param requestTimeout for clients that set no deadline
  /// @param reads closed by its giver, after the service was
  /// @param identity told to clients
  public KeyValueService(
      ReplicaCalls replica,
      Limits limits,
      Duration requestTimeout,
      SnapshotReads reads,
      RpcServer.Identity identity) {
    this.replica = replica;
    this.reads = reads;
    requests = new Requests(limits);
    deadlines = new Deadlines(requestTimeout);
    info = new ServerInfo(replica, limits, identity);
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    answer(
        observer,
        () ->
            replica
                .get(
                    requests.get(request),
                    requests.consistency(request.getConsistency()),
                    deadlines.ofCall())
                .thenApply(Responses::get));
  }

  @Override
  public void batchGet(BatchGetRequest request, StreamObserver<BatchGetResponse> observer) {
    answer(
        observer,
        () -> {
          var keys = requests.batchGet(request);
          var consistency = requests.consistency(request.getConsistency());
          return reads.batchGet(keys, () -> replica.snapshot(consistency, deadlines.ofCall()));
        });
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer) {
    answer(
        observer,
        () ->
            write(
                requests.put(request),
                request.hasRequestId(),
                request.getRequestId(),
                Responses::put));
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    answer(
        observer,
        () ->
            write(
                requests.delete(request),
                request.hasRequestId(),
                request.getRequestId(),
                Responses::delete));
  }

  @Override
  public void deleteRange(
      DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer) {
    answer(
        observer,
        () ->
            write(
                requests.deleteRange(request),
                request.hasRequestId(),
                request.getRequestId(),
                Responses::deleteRange));
  }

  @Override
  public void transact(TransactRequest request, StreamObserver<TransactResponse> observer) {
    answer(
        observer,
        () ->
            write(
                requests.transact(request),
                request.hasRequestId(),
                request.getRequestId(),
                Responses::transact));
  }

  @Override
  public void openSession(
      OpenSessionRequest request, StreamObserver<OpenSessionResponse> observer) {
    answer(
        observer,
        () -> {
          Requests.known(request);
          return replica
              .write(new Command.OpenSession(), Optional.empty(), deadlines.ofCall())
              .thenApply(Responses::openSession);
        });
  }

  @Override
  public void scan(ScanRequest request, StreamObserver<ScanResponse> observer) {
    var call = (ServerCallStreamObserver<ScanResponse>) observer;
    try {
      var range = requests.scan(request);
      var consistency = requests.consistency(request.getConsistency());
      reads.scan(
          request, range, call, () -> replica.snapshot(consistency, deadlines.ofCallBounded()));
    } catch (RuntimeException | InvariantViolation refused) {
      call.onError(Failure.of(refused).toStatus());
    }
  }

  @Override
  public void getServerInfo(
      GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> observer) {
    answer(
        observer,
        () -> {
          Requests.known(request);
          return info.ask(deadlines.ofCallBounded());
        });
  }

  private <T> CompletableFuture<T> write(
      Command command,
      boolean hasRequestId,
      io.tidemark.api.v1.RequestId requestId,
      Function<Result, T> response) {
    return replica
        .write(command, requests.requestId(hasRequestId, requestId), deadlines.ofCall())
        .thenApply(response);
  }

  private static <T> void answer(
      StreamObserver<T> observer, Supplier<CompletableFuture<T>> request) {
    var call = (ServerCallStreamObserver<T>) observer;
    // With a handler set, an answer to a client that has gone is dropped instead of thrown.
    call.setOnCancelHandler(() -> {});
    CompletableFuture<T> answer;
    try {
      answer = request.get();
    } catch (RuntimeException | InvariantViolation refused) {
      call.onError(Failure.of(refused).toStatus());
      return;
    }
    var _ =
        answer.whenComplete((response, failure) -> {
          if (failure != null) {
            call.onError(Failure.of(failure).toStatus());
          } else {
            call.onNext(response);
            call.onCompleted();
          }
        });
  }
}
