package io.tidemark.server.rpc;

import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `grpc.health.v1.Health`: asks the server's own checks when it is asked, and while somebody
/// watches.
///
/// The health of a server changes without anything that it does itself, so a watched one is asked
/// anew every [#WATCH_PERIOD].
public final class HealthService extends HealthGrpc.HealthImplBase {
  /// How often a watched service is asked.
  public static final Duration WATCH_PERIOD = Duration.ofSeconds(1);

  /// How many clients may watch.
  public static final int WATCHERS_MAX = 1_000;

  private final Map<String, Supplier<CompletableFuture<Boolean>>> services;
  private final Timers timers;
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

  /// Tells of these services.
  ///
  /// @param services by name: whether each is well now; the futures never fail
  public HealthService(Map<String, Supplier<CompletableFuture<Boolean>>> services, Timers timers) {
    this.services = Map.copyOf(services);
    this.timers = timers;
  }

  @Override
  public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
    var service = services.get(request.getService());
    if (service == null) {
      observer.onError(
          Status.NOT_FOUND
              .withDescription("no service " + request.getService() + " is known")
              .asRuntimeException());
      return;
    }
    ((ServerCallStreamObserver<HealthCheckResponse>) observer).setOnCancelHandler(() -> {});
    var _ =
        service
            .get()
            .thenAccept(well -> {
              observer.onNext(response(well ? ServingStatus.SERVING : ServingStatus.NOT_SERVING));
              observer.onCompleted();
            });
  }

  @Override
  public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
    if (watchers.size() >= WATCHERS_MAX) {
      observer.onError(
          Failure.overloaded("more than " + WATCHERS_MAX + " watch the health").toStatus());
      return;
    }
    var watcher =
        new Watcher(
            services.get(request.getService()),
            (ServerCallStreamObserver<HealthCheckResponse>) observer);
    watchers.add(watcher);
    watcher.call.setOnCancelHandler(() -> watchers.remove(watcher));
    watcher.ask();
  }

  /// Ends every watch with this last word: the server is going down.
  public void close() {
    watchers.forEach(Watcher::end);
  }

  private static HealthCheckResponse response(ServingStatus status) {
    return HealthCheckResponse.newBuilder().setStatus(status).build();
  }

  private final class Watcher {
    private final @Nullable Supplier<CompletableFuture<Boolean>> service;
    private final ServerCallStreamObserver<HealthCheckResponse> call;
    private @Nullable ServingStatus told;

    Watcher(
        @Nullable Supplier<CompletableFuture<Boolean>> service,
        ServerCallStreamObserver<HealthCheckResponse> call) {
      this.service = service;
      this.call = call;
    }

    void ask() {
      if (service == null) {
        tell(ServingStatus.SERVICE_UNKNOWN);
        return;
      }
      var _ =
          service
              .get()
              .thenAccept(well -> {
                tell(well ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
                if (watchers.contains(this)) {
                  var _ = timers.after(WATCH_PERIOD, this::ask);
                }
              });
    }

    synchronized void tell(ServingStatus status) {
      if (watchers.contains(this) && status != told) {
        told = status;
        call.onNext(response(status));
      }
    }

    synchronized void end() {
      tell(ServingStatus.NOT_SERVING);
      if (watchers.remove(this)) {
        call.onCompleted();
      }
    }
  }
}
