package io.tidemark.client;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.tidemark.api.v1.BatchGetRequest;
import io.tidemark.api.v1.BatchGetResponse;
import io.tidemark.api.v1.Consistency;
import io.tidemark.api.v1.DeleteRangeRequest;
import io.tidemark.api.v1.DeleteRangeResponse;
import io.tidemark.api.v1.DeleteRequest;
import io.tidemark.api.v1.DeleteResponse;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.GetResponse;
import io.tidemark.api.v1.GetServerInfoRequest;
import io.tidemark.api.v1.GetServerInfoResponse;
import io.tidemark.api.v1.KeyRange;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.api.v1.KeyValuePair;
import io.tidemark.api.v1.Limits;
import io.tidemark.api.v1.LogCost;
import io.tidemark.api.v1.LogStatus;
import io.tidemark.api.v1.OpenSessionRequest;
import io.tidemark.api.v1.OpenSessionResponse;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.api.v1.PutResponse;
import io.tidemark.api.v1.Reason;
import io.tidemark.api.v1.ScanRequest;
import io.tidemark.api.v1.ScanResponse;
import io.tidemark.api.v1.TransactRequest;
import io.tidemark.api.v1.TransactResponse;
import io.tidemark.base.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One node of a [FakeCluster]: the service on a loopback port, which does what the test told it to
/// do wrong.
public final class FakeNode extends KeyValueGrpc.KeyValueImplBase implements AutoCloseable {
  /// What goes wrong with one request.
  ///
  /// @param applied whether it takes effect all the same
  /// @param answer what the client is told; nothing at all where it is absent
  record Fault(boolean applied, @Nullable StatusRuntimeException answer) {
    static Fault hang() {
      return new Fault(false, null);
    }

    static Fault loseReply() {
      return new Fault(true, null);
    }

    static Fault refuse(Reason reason) {
      return new Fault(false, error(reason, "as told"));
    }

    static Fault applyThen(Reason reason) {
      return new Fault(true, error(reason, "as told"));
    }

    static Fault status(boolean applied, Status status) {
      return new Fault(applied, status.asRuntimeException());
    }
  }

  private final FakeCluster cluster;
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final Deque<Fault> openFaults = new ArrayDeque<>();
  private final List<String> calls = new ArrayList<>();
  private Server server;
  private int port;
  private int pageSize = 100;
  private int pagesBeforeCut = Integer.MAX_VALUE;
  private boolean logAway;
  private @Nullable LogCost cost;
  private int writesLeft = Integer.MAX_VALUE;
  private boolean hangsAfterwards;
  private @Nullable NavigableMap<Bytes, KeyValuePair> frozen;
  private long frozenAt;
  private boolean readsAreStale;
  private final AtomicInteger writesBeforeLoss = new AtomicInteger(Integer.MAX_VALUE);

  FakeNode(FakeCluster cluster) {
    this.cluster = cluster;
    this.server = listen();
  }

  private Server listen() {
    try {
      Server listening =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .directExecutor()
              .addService(this)
              .maxInboundMessageSize(32 << 20)
              .build()
              .start();
      port = listening.getPort();
      return listening;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Where it listens.
  public String endpoint() {
    return "127.0.0.1:" + port;
  }

  /// What its log costs it.
  public synchronized void costs(LogCost told) {
    cost = told;
  }

  /// What goes wrong with the next requests other than those of sessions and server info.
  synchronized void next(Fault... scripted) {
    faults.addAll(List.of(scripted));
  }

  /// What goes wrong with the next openings of sessions.
  synchronized void nextOpen(Fault... scripted) {
    openFaults.addAll(List.of(scripted));
  }

  /// The methods called so far.
  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /// How often this method was called.
  public synchronized int callsOf(String method) {
    return (int) calls.stream().filter(method::equals).count();
  }

  /// Stays as it is now, however the cluster goes on.
  public synchronized void freeze() {
    frozen = cluster.state();
    frozenAt = cluster.revision();
  }

  synchronized void thaw() {
    frozen = null;
  }

  /// Lies from here on: it answers every read from what is there now.
  public synchronized void lieAboutReads() {
    freeze();
    readsAreStale = true;
  }

  /// Lies once: after so many more puts it acknowledges one that it does not do.
  public void loseAPutAfter(int puts) {
    writesBeforeLoss.set(puts);
  }

  // Asked with the cluster's lock held, where this node's must not be waited for.
  private boolean isToBeLost() {
    return writesBeforeLoss.getAndDecrement() == 0;
  }

  /// Takes so many more writes; after them the log cannot be reached.
  public synchronized void refuseAfter(int writes) {
    writesLeft = writes;
    hangsAfterwards = false;
  }

  /// Takes so many more writes; after them it answers none.
  public synchronized void hangAfter(int writes) {
    writesLeft = writes;
    hangsAfterwards = true;
  }

  /// Whether the log can be reached from here.
  public synchronized void logAway(boolean away) {
    logAway = away;
  }

  /// How many pairs a page has, and after how many pages a scan is cut off.
  public synchronized void scanPages(int size, int beforeCut) {
    pageSize = size;
    pagesBeforeCut = beforeCut;
  }

  /// Refuses connections from here on, and cuts those that stand.
  public void stop() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException interrupt) {
      throw new IllegalStateException(interrupt);
    }
  }

  /// Listens again where it did before.
  public void start() {
    server = listen();
  }

  @Override
  public void close() {
    stop();
  }

  static StatusRuntimeException error(Reason reason, String detail) {
    var code =
        switch (reason) {
          case REASON_INVALID_REQUEST, REASON_TOO_LARGE -> Status.Code.INVALID_ARGUMENT;
          case REASON_LOG_UNAVAILABLE, REASON_CLOSED -> Status.Code.UNAVAILABLE;
          case REASON_OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
          case REASON_OUTCOME_UNKNOWN -> Status.Code.UNKNOWN;
          case REASON_TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
          case REASON_SESSION_UNKNOWN, REASON_ANSWER_FORGOTTEN, REASON_LOG_ENDED ->
              Status.Code.FAILED_PRECONDITION;
          case REASON_STOPPED, REASON_UNSPECIFIED, UNRECOGNIZED -> Status.Code.INTERNAL;
        };
    var info =
        ErrorInfo.newBuilder()
            .setDomain("tidemark.io")
            .setReason(reason.name().substring("REASON_".length()))
            .putMetadata("detail", detail);
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage("a message that nobody reads")
            .addDetails(Any.pack(info.build()))
            .build());
  }

  private <R> void answer(String method, StreamObserver<R> to, Supplier<R> work) {
    Fault fault;
    synchronized (this) {
      calls.add(method);
      fault =
          switch (method) {
            case "OpenSession" -> openFaults.poll();
            case "GetServerInfo" -> null;
            default -> faults.poll();
          };
    }
    try {
      R response = fault == null || fault.applied() ? work.get() : null;
      if (fault == null && response != null) {
        to.onNext(response);
        to.onCompleted();
      } else if (fault != null && fault.answer() != null) {
        to.onError(fault.answer());
      }
    } catch (FakeCluster.Refusal refusal) {
      to.onError(error(refusal.reason(), String.valueOf(refusal.getMessage())));
    } catch (Hung hung) {
      // The client hears nothing.
    }
  }

  /// The state a read sees, with its revision.
  record Seen(NavigableMap<Bytes, KeyValuePair> state, long revision) {}

  private synchronized Seen seen(Consistency consistency) {
    boolean isLocal = consistency.getLevelCase() == Consistency.LevelCase.LOCAL;
    boolean isAtLeast = consistency.getLevelCase() == Consistency.LevelCase.AT_LEAST;
    if (logAway && !isLocal && !isAtLeast) {
      throw new FakeCluster.Refusal(Reason.REASON_LOG_UNAVAILABLE, "the log cannot be reached");
    }
    if (frozen == null) {
      return cluster.read(Seen::new);
    }
    if (readsAreStale
        || isLocal
        || (isAtLeast && consistency.getAtLeast().getRevision() <= frozenAt)) {
      return new Seen(frozen, frozenAt);
    }
    throw new Hung();
  }

  private synchronized void writable() {
    boolean isOver = writesLeft-- <= 0;
    if (isOver && hangsAfterwards) {
      throw new Hung();
    }
    if (logAway || isOver) {
      throw new FakeCluster.Refusal(Reason.REASON_LOG_UNAVAILABLE, "the log cannot be reached");
    }
  }

  private static Bytes key(com.google.protobuf.ByteString key) {
    if (key.isEmpty()) {
      throw new FakeCluster.Refusal(Reason.REASON_INVALID_REQUEST, "the key is empty");
    }
    return Wire.bytes(key);
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> to) {
    answer(
        "Get",
        to,
        () -> {
          Seen seen = seen(request.getConsistency());
          var response = GetResponse.newBuilder().setRevision(seen.revision());
          KeyValuePair pair = seen.state().get(key(request.getKey()));
          return (pair == null ? response : response.setPair(pair)).build();
        });
  }

  @Override
  public void batchGet(BatchGetRequest request, StreamObserver<BatchGetResponse> to) {
    answer(
        "BatchGet",
        to,
        () -> {
          Seen seen = seen(request.getConsistency());
          var response = BatchGetResponse.newBuilder().setRevision(seen.revision());
          for (var key : request.getKeysList()) {
            KeyValuePair pair = seen.state().get(key(key));
            if (pair != null) {
              response.addPairs(pair);
            }
          }
          return response.build();
        });
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> to) {
    answer(
        "Put",
        to,
        () -> {
          writable();
          Bytes key = key(request.getKey());
          return cluster.once(
              request.getRequestId(),
              at -> {
                if (!isToBeLost()) {
                  cluster.put(key, Wire.bytes(request.getValue()), at);
                }
                return PutResponse.newBuilder().setRevision(at).build();
              },
              PutResponse.class);
        });
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> to) {
    answer(
        "Delete",
        to,
        () -> {
          writable();
          KeyRange range = KeyRange.newBuilder().setKey(request.getKey()).build();
          key(request.getKey());
          return cluster.once(
              request.getRequestId(),
              at ->
                  DeleteResponse.newBuilder()
                      .setRevision(at)
                      .setDeleted(cluster.delete(range) > 0)
                      .build(),
              DeleteResponse.class);
        });
  }

  @Override
  public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> to) {
    answer(
        "DeleteRange",
        to,
        () -> {
          writable();
          return cluster.once(
              request.getRequestId(),
              at ->
                  DeleteRangeResponse.newBuilder()
                      .setRevision(at)
                      .setDeletedCount(cluster.delete(request.getRange()))
                      .build(),
              DeleteRangeResponse.class);
        });
  }

  @Override
  public void transact(TransactRequest request, StreamObserver<TransactResponse> to) {
    answer(
        "Transact",
        to,
        () -> {
          writable();
          return cluster.once(
              request.getRequestId(),
              at -> {
                boolean succeeded = request.getConditionsList().stream().allMatch(cluster::holds);
                var response =
                    TransactResponse.newBuilder().setRevision(at).setSucceeded(succeeded);
                (succeeded ? request.getThenList() : request.getOtherwiseList())
                    .forEach(operation -> response.addAnswers(cluster.done(operation, at)));
                return response.build();
              },
              TransactResponse.class);
        });
  }

  @Override
  public void scan(ScanRequest request, StreamObserver<ScanResponse> to) {
    Fault fault;
    int size;
    int cut;
    synchronized (this) {
      calls.add("Scan");
      fault = faults.poll();
      size = pageSize;
      cut = pagesBeforeCut;
    }
    if (fault != null) {
      if (fault.answer() != null) {
        to.onError(fault.answer());
      }
      return;
    }
    try {
      sendPages(request, seen(request.getConsistency()), size, cut, to);
    } catch (FakeCluster.Refusal refusal) {
      to.onError(error(refusal.reason(), String.valueOf(refusal.getMessage())));
    } catch (Hung hung) {
      // The client hears nothing.
    }
  }

  private static void sendPages(
      ScanRequest request, Seen seen, int size, int cut, StreamObserver<ScanResponse> to) {
    var range = FakeCluster.within(seen.state(), request.getRange());
    var pairs = new ArrayList<>((request.getReverse() ? range.descendingMap() : range).values());
    long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
    boolean more = pairs.size() > limit;
    List<KeyValuePair> wanted = pairs.subList(0, (int) Math.min(limit, pairs.size()));
    int pages = 0;
    int from = 0;
    do {
      if (pages++ == cut) {
        to.onError(Status.UNAVAILABLE.asRuntimeException());
        return;
      }
      int end = Math.min(from + size, wanted.size());
      var page =
          ScanResponse.newBuilder()
              .setRevision(seen.revision())
              .setMore(more && end == wanted.size());
      for (KeyValuePair pair : wanted.subList(from, end)) {
        page.addPairs(request.getKeysOnly() ? pair.toBuilder().clearValue().build() : pair);
      }
      to.onNext(page.build());
      from = end;
    } while (from < wanted.size());
    to.onCompleted();
  }

  @Override
  public void openSession(OpenSessionRequest request, StreamObserver<OpenSessionResponse> to) {
    answer(
        "OpenSession",
        to,
        () -> {
          writable();
          return OpenSessionResponse.newBuilder().setSession(cluster.openSession()).build();
        });
  }

  @Override
  public void getServerInfo(
      GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> to) {
    answer("GetServerInfo", to, this::info);
  }

  private synchronized GetServerInfoResponse info() {
    var log = LogStatus.newBuilder().setAddress("memory:").setId("0-0");
    if (logAway) {
      log.setUnavailableBecause("the log cannot be reached");
    } else {
      log.setTail(cluster.revision() + 1);
    }
    if (cost != null) {
      log.setCost(cost);
    }
    return GetServerInfoResponse.newBuilder()
        .setVersion("1.2.3")
        .setLimits(
            Limits.newBuilder()
                .setKeyBytesMax(1_024)
                .setValueBytesMax(1 << 20)
                .setRequestBytesMax(2 << 20)
                .setBatchKeysMax(1_000)
                .setTransactionStepsMax(128)
                .setSessionWindow(cluster.window())
                .setSessionsMax(4_096))
        .setLog(log)
        .setRevision(frozen == null ? cluster.revision() : frozenAt)
        .build();
  }

  /// The client is told nothing.
  private static final class Hung extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
