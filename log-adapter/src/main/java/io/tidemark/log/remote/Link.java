package io.tidemark.log.remote;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tidemark.base.Clock;
import io.tidemark.base.Invariants;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.remote.v1.AppendOpen;
import io.tidemark.log.remote.v1.AppendRequest;
import io.tidemark.log.remote.v1.AppendResponse;
import io.tidemark.log.remote.v1.Batch;
import io.tidemark.log.remote.v1.LogGrpc;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection to the server and the one append stream on it. It has ended for good when its
/// append stream has: whatever was sent on it and not answered is then undecided, and nothing of it
/// moves to the next.
final class Link implements ClientResponseObserver<AppendRequest, AppendResponse> {
  // gRPC raises a shorter one to this. It finds a dead peer where nothing is asked for; a call or
  // an append finds it by its own limit.
  private static final long KEEPALIVE_SECONDS = 10;
  private static final long KEEPALIVE_TIMEOUT_SECONDS = 3;

  /// Keeps calls apart from the request whose thread makes them: a tail check answers for others
  /// too, and must not end with the request that happened to send it.
  private static final class OnTheirOwn implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      Context callers = Context.ROOT.attach();
      try {
        return next.newCall(method, options);
      } finally {
        Context.ROOT.detach(callers);
      }
    }
  }

  /// What happens to a link; called on its event loop, in order, and not after it has ended.
  interface Events {
    /// The server serves this log and takes batches.
    void opened(Link link, LogInfo info);

    /// A batch was answered.
    void replied(Link link, AppendResponse response);

    /// There may be room to send on.
    void ready(Link link);

    /// No more answers come.
    void ended(Link link, LogException cause);
  }

  private final RemoteLogConfig config;
  private final Clock clock;
  private final Events events;
  private final ManagedChannel channel;
  private final LogGrpc.LogStub stub;
  private @Nullable ClientCallStreamObserver<AppendRequest> requests;
  private volatile @Nullable LogInfo info;
  private volatile long heardNanos;

  /// Sent and not answered, oldest first. Guarded by the lock of [Appends].
  final ArrayDeque<Appends.Pending> sent = new ArrayDeque<>();

  /// The number of the batch sent last. Guarded by the lock of [Appends].
  long numberLast;

  Link(RemoteLogConfig config, Clock clock, Events events) {
    this.config = config;
    this.clock = clock;
    this.events = events;
    this.channel =
        NettyChannelBuilder.forAddress(config.host(), config.port())
            .usePlaintext()
            .directExecutor()
            // gRPC itself must never send a message a second time.
            .disableRetry()
            .intercept(new OnTheirOwn())
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            // A reader's credit bounds what the server sends; a record may be of any size.
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    this.stub = LogGrpc.newStub(channel);
    this.heardNanos = clock.nanoTime();
  }

  /// Connects and opens the append stream; an event tells how that went.
  void open(Optional<UUID> known) {
    var open = AppendOpen.newBuilder();
    known.ifPresent(id -> open.setLogId(Wire.id(id)));
    stub.append(this);
    requests().onNext(AppendRequest.newBuilder().setOpen(open).build());
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<AppendRequest> requests) {
    this.requests = requests;
    requests.setOnReadyHandler(() -> events.ready(this));
  }

  @Override
  public void onNext(AppendResponse response) {
    heard();
    if (response.getNumber() > 0) {
      events.replied(this, response);
      return;
    }
    switch (response.getOutcomeCase()) {
      case OPENED -> events.opened(this, Wire.info(response.getOpened()));
      case FAILURE ->
          events.ended(
              this,
              Wire.exception(response.getFailure(), 0, config.address())
                  .orElseGet(() -> unreachable("it failed in a way unknown here", null)));
      case APPENDED, OUTCOME_NOT_SET ->
          events.ended(this, unreachable("it does not answer as a log does", null));
    }
  }

  @Override
  public void onError(Throwable thrown) {
    events.ended(this, unreachable(Wire.describe(thrown), thrown));
  }

  @Override
  public void onCompleted() {
    events.ended(this, unreachable("it closed the connection", null));
  }

  private LogException unreachable(String why, @Nullable Throwable cause) {
    return new LogException.Unavailable(
        "the log at " + config.address() + " cannot be reached: " + why, cause);
  }

  /// Whether a batch sent now would leave at once rather than pile up. From when [Events#opened]
  /// was called.
  boolean isReady() {
    return requests().isReady();
  }

  /// Sends a batch; one caller at a time.
  void send(Batch batch) {
    requests().onNext(AppendRequest.newBuilder().setBatch(batch).build());
  }

  private ClientCallStreamObserver<AppendRequest> requests() {
    var observer = requests;
    Invariants.check(observer != null, "an append stream is opened before it is used");
    return java.util.Objects.requireNonNull(observer);
  }

  /// For calls and read streams.
  LogGrpc.LogStub stub() {
    return stub;
  }

  /// What the server said when it opened the stream.
  LogInfo info() {
    return java.util.Objects.requireNonNull(info);
  }

  void info(LogInfo opened) {
    info = opened;
  }

  /// Notes that the server is alive: something came from it just now.
  void heard() {
    heardNanos = clock.nanoTime();
  }

  /// When something last came from the server, by the clock's [Clock#nanoTime()].
  long heardNanos() {
    return heardNanos;
  }

  /// Ends everything on this connection, at once.
  void shutdown() {
    channel.shutdownNow();
  }

  /// Waits a little for the connection to be gone.
  void awaitShutdown() {
    try {
      channel.awaitTermination(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
