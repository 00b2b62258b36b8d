package io.tidemark.client;

import io.tidemark.api.v1.GetServerInfoRequest;
import io.tidemark.api.v1.OpenSessionRequest;
import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What the requests of one client share. Any thread may call.
final class Core implements AutoCloseable {
  private final Settings settings;
  private final Seams seams;
  private final boolean ownsTimers;
  private final Endpoints endpoints;
  private final Sessions sessions;
  private final Pauses pauses;
  private final AtomicLong revisionSeen = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();

  private final Set<Closeable> underWay = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong requestBytes = new AtomicLong();

  /// What must end when the client is closed.
  interface Closeable {
    void clientClosed();
  }

  Core(Settings settings, Seams seams, boolean ownsTimers) {
    this.settings = settings;
    this.seams = seams;
    this.ownsTimers = ownsTimers;
    this.endpoints = new Endpoints(settings.endpoints(), seams.clock(), seams.random());
    this.pauses =
        new Pauses(seams.random(), settings.pauseMin().toNanos(), settings.pauseMax().toNanos());
    this.sessions = new Sessions(this::openSession);
  }

  /// Sends a request that may be sent again without harm.
  <Q, R, T> CompletableFuture<T> read(Request.Kind<Q, R, T> kind, Q message, Size size) {
    return new Request<>(this, kind, null, message, size).begin();
  }

  /// Sends a request that takes effect once.
  <Q, R, T> CompletableFuture<T> write(
      Request.Kind<Q, R, T> kind, Request.Maker<Q> maker, Size size) {
    return new Request<>(this, kind, maker, null, size).begin();
  }

  CompletableFuture<ServerInfo> serverInfo() {
    return read(Kinds.SERVER_INFO, GetServerInfoRequest.getDefaultInstance(), Size.NONE);
  }

  private CompletableFuture<Sessions.Opened> openSession() {
    return serverInfo()
        .thenCompose(info ->
            read(Kinds.OPEN_SESSION, OpenSessionRequest.getDefaultInstance(), Size.NONE)
                .thenApply(number -> new Sessions.Opened(number, info.limits())));
  }

  /// Counts a request in, or answers false where too much is under way. What is counted in is
  /// counted out by [#leave].
  boolean enter(Closeable request, long bytes) {
    boolean first = requests.getAndIncrement() == 0;
    long before = requestBytes.getAndAdd(bytes);
    // One request alone is let in however large it is: the server says whether it is too large.
    if (requests.get() > settings.requestsMax()
        || (!first && before + bytes > settings.requestBytesMax())) {
      requests.getAndDecrement();
      requestBytes.getAndAdd(-bytes);
      return false;
    }
    underWay.add(request);
    return true;
  }

  void leave(Closeable request, long bytes) {
    underWay.remove(request);
    requests.getAndDecrement();
    requestBytes.getAndAdd(-bytes);
  }

  /// Notes a revision that this client was told.
  void saw(long revision) {
    if (revision > revisionSeen.get()) {
      revisionSeen.accumulateAndGet(revision, Math::max);
    }
  }

  long revisionSeen() {
    return revisionSeen.get();
  }

  boolean isClosed() {
    return closed.get();
  }

  Settings settings() {
    return settings;
  }

  Endpoints endpoints() {
    return endpoints;
  }

  Sessions sessions() {
    return sessions;
  }

  Pauses pauses() {
    return pauses;
  }

  Clock clock() {
    return seams.clock();
  }

  Timers timers() {
    return seams.timers();
  }

  /// Ends every request under way; each tells its caller what it knows.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      underWay.forEach(Closeable::clientClosed);
      endpoints.close();
      if (ownsTimers) {
        seams.timers().close();
      }
    }
  }
}
