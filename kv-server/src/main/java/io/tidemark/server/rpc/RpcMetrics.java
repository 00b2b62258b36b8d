package io.tidemark.server.rpc;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.tidemark.base.Clock;
import io.tidemark.replica.BucketHistogram;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// Counts calls by method and status code, and measures how long they take. Calls of methods that
/// nobody serves are counted together, as `other`.
public final class RpcMetrics extends ServerStreamTracer.Factory {
  private static final String OTHER = "other";

  private final Clock clock;
  private final Map<String, Method> methods = new HashMap<>();
  private final Method other;

  /// Measures the methods of these services.
  ///
  /// @param metrics takes the metrics `rpc.*`
  public RpcMetrics(
      Collection<ServerServiceDefinition> services, Clock clock, MetricRegistry metrics) {
    this.clock = clock;
    for (ServerServiceDefinition service : services) {
      for (var method : service.getMethods()) {
        String name = method.getMethodDescriptor().getFullMethodName();
        methods.put(name, new Method(name, metrics));
      }
    }
    other = new Method(OTHER, metrics);
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    Method method = methods.getOrDefault(fullMethodName, other);
    method.inFlight.increment();
    long began = clock.nanoTime();
    return new ServerStreamTracer() {
      @Override
      public void streamClosed(Status status) {
        method.inFlight.decrement();
        method.latency.recordNanos(clock.nanoTime() - began);
        method.ended(status.getCode()).inc();
      }
    };
  }

  private static final class Method {
    private final LongAdder inFlight = new LongAdder();
    private final BucketHistogram latency;
    private final Map<Status.Code, Counter> byCode = new EnumMap<>(Status.Code.class);

    Method(String name, MetricRegistry metrics) {
      String label = "method=\"" + name + '"';
      latency = metrics.register("rpc.latency{" + label + "}", BucketHistogram.ofLatencies());
      metrics.register("rpc.in_flight{" + label + "}", (Gauge<Long>) inFlight::sum);
      for (Status.Code code : Status.Code.values()) {
        byCode.put(code, metrics.counter("rpc.calls{" + label + ",code=\"" + code + "\"}"));
      }
    }

    Counter ended(Status.Code code) {
      return Objects.requireNonNull(byCode.get(code));
    }
  }
}
