package io.tidemark.log.remote;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tidemark.log.Log;
import io.tidemark.log.LogInfo;
import io.tidemark.log.Tail;
import io.tidemark.log.remote.v1.AppendRequest;
import io.tidemark.log.remote.v1.AppendResponse;
import io.tidemark.log.remote.v1.CheckTailRequest;
import io.tidemark.log.remote.v1.CheckTailResponse;
import io.tidemark.log.remote.v1.DescribeRequest;
import io.tidemark.log.remote.v1.DescribeResponse;
import io.tidemark.log.remote.v1.Failure;
import io.tidemark.log.remote.v1.FenceRequest;
import io.tidemark.log.remote.v1.FenceResponse;
import io.tidemark.log.remote.v1.LogGrpc;
import io.tidemark.log.remote.v1.ReadRequest;
import io.tidemark.log.remote.v1.ReadResponse;
import io.tidemark.log.remote.v1.SealRequest;
import io.tidemark.log.remote.v1.SealResponse;
import io.tidemark.log.remote.v1.TrimRequest;
import io.tidemark.log.remote.v1.TrimResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `log.v1` over a log. Every call goes to the log; nothing is answered from memory but the log's
/// identity and limits. Runs on gRPC's event loops and never blocks them.
final class LogService extends LogGrpc.LogImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(LogService.class);
  private static final Status GOING_DOWN =
      Status.UNAVAILABLE.withDescription("the server is going down");

  private final Log log;
  private final LogInfo info;
  private final LogServerConfig config;
  private final ThreadFactory readThreads;
  private final AtomicLong appendBytes = new AtomicLong();

  // All guarded by the lock.
  private final Set<AppendSession> appends = new HashSet<>();
  private final Set<ReadSession> reads = new HashSet<>();
  private boolean closing;

  /// Serves the log that described itself so; `readThreads` makes the thread of each read stream.
  LogService(Log log, LogInfo info, LogServerConfig config, ThreadFactory readThreads) {
    this.log = log;
    this.info = info;
    this.config = config;
    this.readThreads = readThreads;
  }

  Log log() {
    return log;
  }

  LogInfo info() {
    return info;
  }

  LogServerConfig config() {
    return config;
  }

  /// The failure of a caller that knows another log; nothing if it knows this one, or none yet.
  Optional<Failure> wrongLog(ByteString known) {
    return known.isEmpty() || known.equals(Wire.id(info.id()))
        ? Optional.empty()
        : Optional.of(Wire.wrongLog(info.id()));
  }

  /// Reserves room for a batch; gives nothing where there is none.
  boolean takeBytes(long bytes) {
    long before = appendBytes.getAndAdd(bytes);
    if (before > 0 && before + bytes > config.appendBytesMax()) {
      giveBytes(bytes);
      return false;
    }
    return true;
  }

  void giveBytes(long bytes) {
    appendBytes.addAndGet(-bytes);
  }

  void startReader(Runnable task) {
    readThreads.newThread(task).start();
  }

  @Override
  public StreamObserver<AppendRequest> append(StreamObserver<AppendResponse> out) {
    var responses = (ServerCallStreamObserver<AppendResponse>) out;
    responses.disableAutoRequest();
    var session = new AppendSession(this, responses);
    boolean room;
    boolean down;
    synchronized (this) {
      down = closing;
      room = !closing && appends.size() < config.appendStreamsMax();
      if (room) {
        appends.add(session);
      }
    }
    if (room) {
      session.begin();
    } else {
      session.end(down ? GOING_DOWN : full(config.appendStreamsMax() + " clients"));
    }
    return session;
  }

  @Override
  public StreamObserver<ReadRequest> read(StreamObserver<ReadResponse> out) {
    var session = new ReadSession(this, (ServerCallStreamObserver<ReadResponse>) out);
    boolean room;
    boolean down;
    synchronized (this) {
      down = closing;
      room = !closing && reads.size() < config.readStreamsMax();
      if (room) {
        reads.add(session);
      }
    }
    if (!room) {
      session.end(down ? GOING_DOWN : full(config.readStreamsMax() + " readers"));
    }
    return session;
  }

  private static Status full(String what) {
    return Status.RESOURCE_EXHAUSTED.withDescription("there are " + what + " already");
  }

  synchronized void closed(AppendSession session) {
    appends.remove(session);
  }

  synchronized void closed(ReadSession session) {
    reads.remove(session);
  }

  /// Takes no more streams and batches; answers the batches that were taken and then ends every
  /// stream. Does not wait.
  void close() {
    List<AppendSession> openAppends;
    List<ReadSession> openReads;
    synchronized (this) {
      closing = true;
      openAppends = List.copyOf(appends);
      openReads = List.copyOf(reads);
    }
    openAppends.forEach(session -> session.end(GOING_DOWN));
    openReads.forEach(session -> session.end(GOING_DOWN));
  }

  @Override
  public void describe(DescribeRequest request, StreamObserver<DescribeResponse> out) {
    answer(
        out,
        Optional.empty(),
        log::describe,
        described -> DescribeResponse.newBuilder().setInfo(Wire.info(described)).build(),
        failure -> DescribeResponse.newBuilder().setFailure(failure).build());
  }

  @Override
  public void checkTail(CheckTailRequest request, StreamObserver<CheckTailResponse> out) {
    answer(
        out,
        wrongLog(request.getLogId()),
        log::checkTail,
        tail ->
            switch (tail) {
              case Tail.Open(long at) -> CheckTailResponse.newBuilder().setOpen(at).build();
              case Tail.Sealed(long at) -> CheckTailResponse.newBuilder().setSealed(at).build();
            },
        failure -> CheckTailResponse.newBuilder().setFailure(failure).build());
  }

  @Override
  public void trim(TrimRequest request, StreamObserver<TrimResponse> out) {
    answer(
        out,
        wrongLog(request.getLogId()),
        () -> log.trim(request.getUpTo()),
        point -> TrimResponse.newBuilder().setTrimPoint(point).build(),
        failure -> TrimResponse.newBuilder().setFailure(failure).build());
  }

  @Override
  public void seal(SealRequest request, StreamObserver<SealResponse> out) {
    answer(
        out,
        wrongLog(request.getLogId()),
        log::seal,
        tail -> SealResponse.newBuilder().setTail(tail.position()).build(),
        failure -> SealResponse.newBuilder().setFailure(failure).build());
  }

  @Override
  public void fence(FenceRequest request, StreamObserver<FenceResponse> out) {
    answer(
        out,
        wrongLog(request.getLogId()),
        () -> log.fence(Wire.bytes(request.getToken())),
        _ -> FenceResponse.getDefaultInstance(),
        failure -> FenceResponse.newBuilder().setFailure(failure).build());
  }

  private static <A, R> void answer(
      StreamObserver<R> out,
      Optional<Failure> refusal,
      Supplier<CompletableFuture<A>> call,
      Function<A, R> answered,
      Function<Failure, R> failed) {
    // Who asked may have gone when the answer is there.
    ((ServerCallStreamObserver<R>) out).setOnCancelHandler(() -> {});
    if (refusal.isPresent()) {
      out.onNext(failed.apply(refusal.get()));
      out.onCompleted();
      return;
    }
    var _ =
        call.get()
            .whenComplete((answer, thrown) -> {
              Optional<Failure> failure = thrown == null ? Optional.empty() : Wire.failure(thrown);
              if (thrown != null && failure.isEmpty()) {
                LOG.error("the log failed a call in a way it never may", thrown);
                out.onError(
                    Status.INTERNAL.withDescription(thrown.toString()).asRuntimeException());
                return;
              }
              out.onNext(failure.map(failed).orElseGet(() -> answered.apply(answer)));
              out.onCompleted();
            });
  }
}
