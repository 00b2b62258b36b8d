package io.tidemark.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.api.v1.ScanResponse;
import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// One scan, from its subscription to its end. Every step is taken one at a time, on whichever
/// thread brought it. Until the first page a scan begins again like any read; after it, never.
final class ScanStream implements Flow.Subscription, Core.Closeable {
  private final Core core;
  private final ScanRequest request;
  private final Flow.Subscriber<? super ScanPage> subscriber;
  private final long firstPageDeadlineNanos;
  private final SynchronizationContext steps =
      new SynchronizationContext((thread, bug) -> broken(bug));

  private @Nullable Attempt attempt;
  private Timers.@Nullable Timer watch;
  private boolean begun;
  private boolean ended;
  private long demand;
  private long pairs;
  private boolean hasPage;
  private int failures;

  ScanStream(Core core, ScanRequest request, Flow.Subscriber<? super ScanPage> subscriber) {
    this.core = core;
    this.request = request;
    this.subscriber = subscriber;
    this.firstPageDeadlineNanos = core.clock().nanoTime() + core.settings().deadline().toNanos();
  }

  void begin() {
    steps.execute(() -> {
      subscriber.onSubscribe(this);
      if (!core.enter(this, 0)) {
        ended = true;
        subscriber.onError(
            new OverloadedException("Scan: too much is under way in this client", null));
      } else if (core.isClosed()) {
        clientClosed();
      }
    });
  }

  @Override
  public void request(long pages) {
    steps.execute(() -> onDemand(pages));
  }

  @Override
  public void cancel() {
    steps.execute(() -> end(null));
  }

  @Override
  public void clientClosed() {
    steps.execute(() -> fail(new CancelledException("Scan: the client was closed", null)));
  }

  private void onDemand(long pages) {
    if (ended) {
      return;
    }
    if (pages <= 0) {
      fail(new IllegalArgumentException("demand is positive, not " + pages));
      return;
    }
    demand = demand + pages < 0 ? Long.MAX_VALUE : demand + pages;
    Attempt current = attempt;
    if (current != null) {
      current.call.request((int) Math.min(pages, Integer.MAX_VALUE));
      watch(core.settings().deadline());
    } else if (!begun) {
      begun = true;
      attempt();
    }
  }

  private void attempt() {
    if (ended) {
      return;
    }
    Endpoint endpoint = core.endpoints().pick();
    var current =
        new Attempt(
            endpoint,
            endpoint.channel().newCall(KeyValueGrpc.getScanMethod(), CallOptions.DEFAULT));
    attempt = current;
    current.call.start(current, new Metadata());
    current.call.request((int) Math.min(demand, Integer.MAX_VALUE));
    current.call.sendMessage(Wire.scan(request, core.revisionSeen()));
    current.call.halfClose();
    long patience = Math.min(nanosLeft(), core.settings().attemptTimeout().toNanos());
    watch(Duration.ofNanos(Math.max(0, patience)));
  }

  /// Sees to it that a page that was asked for comes in time.
  private void watch(Duration patience) {
    if (watch != null) {
      watch.cancel();
      watch = null;
    }
    Attempt current = attempt;
    if (demand > 0 && current != null && !ended) {
      watch = core.timers().after(patience, () -> steps.execute(() -> onSilence(current)));
    }
  }

  private void onSilence(Attempt silent) {
    if (silent == attempt && demand > 0) {
      silent.gaveUp = true;
      silent.call.cancel("no page came in time", null);
    }
  }

  private void onPage(Attempt from, ScanResponse page) {
    if (from != attempt || ended) {
      return;
    }
    core.endpoints().worked(from.endpoint);
    core.saw(page.getRevision());
    hasPage = true;
    demand--;
    pairs += page.getPairsCount();
    watch(core.settings().deadline());
    subscriber.onNext(
        new ScanPage(page.getRevision(), Wire.keyValues(page.getPairsList()), page.getMore()));
  }

  private void onClose(Attempt from, Status status, Metadata trailers) {
    if (from != attempt || ended) {
      return;
    }
    if (status.isOk() && hasPage) {
      end(subscriber::onComplete);
      return;
    }
    attempt = null;
    Failure failure =
        from.gaveUp
            ? Failure.silent()
            : Failure.of(status.isOk() ? Status.INTERNAL : status, trailers, true);
    if (failure.isOfEndpoint()) {
      core.endpoints().failed(from.endpoint, failure.kind() == Failure.Kind.SILENT);
    } else {
      core.endpoints().worked(from.endpoint);
    }
    failures++;
    long pause = pauseNanos(failure);
    if (hasPage || !failure.isRetryable() || pause >= nanosLeft() || core.isClosed()) {
      fail(ending(failure, from.endpoint));
    } else if (pause == 0) {
      attempt();
    } else {
      core.timers().after(Duration.ofNanos(pause), () -> steps.execute(this::attempt));
    }
  }

  private long pauseNanos(Failure failure) {
    int untried = core.endpoints().size() - failures;
    return untried > 0 && failure.isOfEndpoint()
        ? 0
        : core.pauses().nanos(Math.max(1, 1 - untried));
  }

  private TidemarkException ending(Failure failure, Endpoint endpoint) {
    String where = hasPage ? "Scan: cut off after " + pairs + " pairs: " : "Scan: ";
    return failure.toException(false, where + endpoint + ": " + failure.detail());
  }

  private long nanosLeft() {
    return firstPageDeadlineNanos - core.clock().nanoTime();
  }

  private void fail(RuntimeException failure) {
    end(() -> subscriber.onError(failure));
  }

  /// Ends the scan, once, and tells the subscriber where there is something to tell.
  private void end(@Nullable Runnable last) {
    if (ended) {
      return;
    }
    ended = true;
    core.leave(this, 0);
    if (watch != null) {
      watch.cancel();
    }
    if (attempt != null) {
      attempt.call.cancel("the scan has ended", null);
    }
    if (last != null) {
      last.run();
    }
  }

  private void broken(Throwable bug) {
    end(() -> subscriber.onError(bug));
  }

  private final class Attempt extends ClientCall.Listener<ScanResponse> {
    private final Endpoint endpoint;
    private final ClientCall<io.tidemark.api.v1.ScanRequest, ScanResponse> call;
    private boolean gaveUp;

    Attempt(Endpoint endpoint, ClientCall<io.tidemark.api.v1.ScanRequest, ScanResponse> call) {
      this.endpoint = endpoint;
      this.call = call;
    }

    @Override
    public void onMessage(ScanResponse page) {
      steps.execute(() -> onPage(this, page));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      steps.execute(() -> ScanStream.this.onClose(this, status, trailers));
    }
  }
}
