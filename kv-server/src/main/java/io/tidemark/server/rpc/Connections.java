package io.tidemark.server.rpc;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Bounds the connections. The calls of a connection over the limit are refused with a reason; so
/// that even those that speak no gRPC are bounded, sockets that are [#ROOM] over it are closed as
/// soon as they are accepted.
public final class Connections extends ServerTransportFilter implements ServerInterceptor {
  /// How many connections over the limit are kept, to be told why they are refused.
  public static final int ROOM = 64;

  private static final Attributes.Key<Admission> ADMISSION =
      Attributes.Key.create("tidemark-admission");

  private final int connectionsMax;
  private final AtomicInteger admitted = new AtomicInteger();
  private final AtomicInteger sockets = new AtomicInteger();
  private final Counter refused;

  /// Holds connections to this bound.
  ///
  /// @param metrics takes the metrics `rpc.connections*`
  public Connections(int connectionsMax, MetricRegistry metrics) {
    this.connectionsMax = connectionsMax;
    refused = metrics.counter("rpc.connections.refused");
    metrics.register("rpc.connections", (Gauge<Integer>) sockets::get);
  }

  @Override
  public Attributes transportReady(Attributes transport) {
    var admission = new Admission();
    if (!admission.ask()) {
      refused.inc();
    }
    return transport.toBuilder().set(ADMISSION, admission).build();
  }

  // A transport that never became ready, because it spoke no HTTP/2, has no attributes.
  @Override
  public void transportTerminated(@Nullable Attributes transport) {
    Admission admission = transport == null ? null : transport.get(ADMISSION);
    if (admission != null) {
      admission.giveBack();
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Admission admission = call.getAttributes().get(ADMISSION);
    if (admission == null || admission.ask()) {
      return next.startCall(call, headers);
    }
    StatusRuntimeException status =
        Failure.overloaded(
                "more than "
                    + connectionsMax
                    + " connections are open; refused "
                    + call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
            .toStatus();
    Metadata trailers = status.getTrailers();
    call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    return new ServerCall.Listener<>() {};
  }

  /// Accepts sockets, as far as there is room.
  ServerChannel listener() {
    return new Listener();
  }

  /// Whether one connection is among those the limit allows; one that is refused may be let in
  /// later, when others have gone.
  private final class Admission {
    private boolean granted;

    synchronized boolean ask() {
      if (!granted && admitted.incrementAndGet() > connectionsMax) {
        admitted.decrementAndGet();
        return false;
      }
      granted = true;
      return true;
    }

    synchronized void giveBack() {
      if (granted) {
        granted = false;
        admitted.decrementAndGet();
      }
    }
  }

  private final class Listener extends NioServerSocketChannel {
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      int count = super.doReadMessages(accepted);
      if (count > 0) {
        var socket = (SocketChannel) accepted.getLast();
        if (sockets.incrementAndGet() > connectionsMax + ROOM) {
          sockets.decrementAndGet();
          refused.inc();
          accepted.removeLast();
          socket.unsafe().closeForcibly();
        } else {
          var _ = socket.closeFuture().addListener(_ -> sockets.decrementAndGet());
        }
      }
      return count;
    }
  }
}
