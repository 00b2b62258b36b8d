package io.tidemark.server.rpc;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Bounds the bytes of requests in flight, from their arrival until their calls have ended: of one
/// request, and of all together.
///
/// Bytes are counted as they arrive, so that a request over a limit is refused before it is held in
/// memory, and with a reason. It is both a tracer, which sees the bytes, and an interceptor, which
/// can end the call.
public final class RequestBytes extends ServerStreamTracer.Factory implements ServerInterceptor {
  private static final Context.Key<Stream> STREAM = Context.key("tidemark-request-bytes");

  private final long requestBytesMax;
  private final long inFlightBytesMax;
  private final AtomicLong inFlight = new AtomicLong();
  private final Counter refused;

  /// Holds requests to these bounds.
  ///
  /// @param requestBytesMax of one request, encoded
  /// @param inFlightBytesMax of all requests together
  /// @param metrics takes the metrics `rpc.request.bytes.*`
  public RequestBytes(long requestBytesMax, long inFlightBytesMax, MetricRegistry metrics) {
    this.requestBytesMax = requestBytesMax;
    this.inFlightBytesMax = inFlightBytesMax;
    refused = metrics.counter("rpc.requests.refused");
    metrics.register("rpc.request.bytes.in_flight", (Gauge<Long>) inFlight::get);
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Stream();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Stream stream = STREAM.get();
    stream.call = call;
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onMessage(Q message) {
        if (!stream.refused) {
          super.onMessage(message);
        }
      }

      @Override
      public void onHalfClose() {
        if (!stream.refused) {
          super.onHalfClose();
        }
      }
    };
  }

  /// One call. Everything but the end happens on its transport's thread.
  private final class Stream extends ServerStreamTracer {
    private final AtomicLong held = new AtomicLong();
    private @Nullable ServerCall<?, ?> call;
    private boolean refused;

    @Override
    public Context filterContext(Context context) {
      return context.withValue(STREAM, this);
    }

    @Override
    public void inboundWireSize(long bytes) {
      if (refused) {
        return;
      }
      long ofThis = held.addAndGet(bytes);
      long ofAll = inFlight.addAndGet(bytes);
      if (ofThis > requestBytesMax) {
        refuse(Failure.tooLarge("the encoded request", ofThis, requestBytesMax, "bytes or more"));
      } else if (ofAll > inFlightBytesMax) {
        refuse(Failure.overloaded("more than " + inFlightBytesMax + " bytes are in flight"));
      }
    }

    @Override
    public void streamClosed(Status status) {
      letGo();
    }

    private void refuse(Failure failure) {
      ServerCall<?, ?> open = call;
      if (open == null) {
        return;
      }
      refused = true;
      RequestBytes.this.refused.inc();
      letGo();
      StatusRuntimeException status = failure.toStatus();
      Metadata trailers = status.getTrailers();
      open.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private void letGo() {
      inFlight.addAndGet(-held.getAndSet(0));
    }
  }
}
