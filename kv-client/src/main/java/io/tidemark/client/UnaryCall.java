package io.tidemark.client;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One attempt of a request at one endpoint. The outcome is told once, on a network thread.
final class UnaryCall<Q, R> extends ClientCall.Listener<R> {
  /// Who is told what became of the attempt.
  interface Outcome<R> {
    void answered(R response);

    void failed(Failure failure);
  }

  private final Outcome<R> outcome;
  private volatile boolean sent;
  private @Nullable R response;

  UnaryCall(Outcome<R> outcome) {
    this.outcome = outcome;
  }

  /// Sends the request.
  ///
  /// @param timeoutNanos how long to wait for the answer; the server is told
  void start(Endpoint endpoint, MethodDescriptor<Q, R> method, Q request, long timeoutNanos) {
    var call =
        endpoint
            .channel()
            .newCall(
                method,
                CallOptions.DEFAULT
                    .withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS)
                    .withStreamTracerFactory(new SentMarker()));
    call.start(this, new Metadata());
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
  }

  /// Whether any of the request may have left this process.
  boolean isSent() {
    return sent;
  }

  @Override
  public void onMessage(R message) {
    response = message;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    R answer = response;
    if (status.isOk() && answer != null) {
      outcome.answered(answer);
    } else {
      Status failure =
          status.isOk() ? Status.INTERNAL.withDescription("an answer without content") : status;
      outcome.failed(Failure.of(failure, trailers, sent));
    }
  }

  /// Notes when the request meets a connection that stands; until then nothing can have been sent.
  private final class SentMarker extends ClientStreamTracer.Factory {
    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void streamCreated(Attributes transportAttributes, Metadata streamHeaders) {
          sent = true;
        }
      };
    }
  }
}
