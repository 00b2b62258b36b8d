package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// The service with the faults that are asked for.
final class FaultyService {
  private final S3Service service;
  private final Faults faults;
  private final Counts counts;
  private final Timers timers;

  FaultyService(S3Service service, Faults faults, Counts counts, Timers timers) {
    this.service = service;
    this.faults = faults;
    this.counts = counts;
    this.timers = timers;
  }

  /// Answers a request, or does not; never fails.
  CompletableFuture<Reply> serve(S3Request request) {
    counts.request(request);
    Faults.Decision decision = faults.decide(request);
    var reply =
        decision.beforeNanos() == 0
            ? act(request, decision)
            : later(decision.beforeNanos()).thenCompose(_ -> act(request, decision));
    return decision.afterNanos() == 0
        ? reply
        : reply.thenCompose(answer -> later(decision.afterNanos()).thenApply(_ -> answer));
  }

  private CompletableFuture<Reply> act(S3Request request, Faults.Decision decision) {
    if (decision.fault().isEmpty()) {
      return service.handle(request).thenApply(Reply.Whole::new);
    }
    return switch (decision.fault().get()) {
      case Fault.Slow _ -> throw new IllegalStateException("a delay is no fault by itself");
      case Fault.Refuse(var error) -> done(new Reply.Whole(answer(error, request)));
      case Fault.RefuseAfterEffect(var error) ->
          service.handle(request).thenApply(_ -> new Reply.Whole(answer(error, request)));
      case Fault.LoseRequest(var ending) -> done(new Reply.Silence(ending));
      case Fault.LoseReply(var ending) ->
          service.handle(request).thenApply(_ -> new Reply.Silence(ending));
      case Fault.LandLate(var delay, var ending) -> {
        landLate(request, delay);
        yield done(new Reply.Silence(ending));
      }
      case Fault.Twice _ ->
          service
              .handle(request)
              .thenCompose(_ -> service.handle(request))
              .thenApply(Reply.Whole::new);
      case Fault.Truncate _ -> service.handle(request).thenApply(Reply.Half::new);
      case Fault.Corrupt _ ->
          service.handle(request).thenApply(answer -> new Reply.Whole(corrupted(answer)));
    };
  }

  private void landLate(S3Request request, Duration delay) {
    var landed = new AtomicBoolean();
    var landing =
        new Runnable() {
          @Override
          public void run() {
            faults.removeLate(this);
            if (landed.compareAndSet(false, true)) {
              var _ = service.handle(request).join();
            }
          }
        };
    faults.addLate(landing);
    var _ = timers.after(delay, () -> Thread.startVirtualThread(landing));
  }

  private S3Response answer(S3Error error, S3Request request) {
    var response = service.error(error, error.message(), request);
    return request.method().equals("HEAD") ? response.withoutBody() : response;
  }

  private static S3Response corrupted(S3Response response) {
    byte[] body = response.body().toArray();
    if (body.length > 0) {
      body[body.length / 2] ^= 1;
    }
    return new S3Response(
        response.status(), response.headers(), Bytes.wrap(body), response.length());
  }

  private CompletableFuture<Void> later(long nanos) {
    var later = new CompletableFuture<Void>();
    var _ = timers.after(Duration.ofNanos(nanos), () -> later.complete(null));
    return later;
  }

  private static CompletableFuture<Reply> done(Reply reply) {
    return CompletableFuture.completedFuture(reply);
  }
}
