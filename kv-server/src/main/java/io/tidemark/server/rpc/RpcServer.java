package io.tidemark.server.rpc;

import com.codahale.metrics.MetricRegistry;
import io.grpc.BindableService;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.replica.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gRPC port of a replica: `kv.v1.KeyValue`, health and reflection, behind its guards.
///
/// ```text
///   socket ── Connections ── RpcMetrics ── RequestBytes ── KeyValueService
///             how many       how long      how much        what
/// ```
///
/// Everything runs on the transport's threads, which no handler blocks. Compressed requests are
/// refused, so that a small request cannot become a large one.
public final class RpcServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
  private static final int SCAN_CHUNK_BYTES = 256 << 10;
  private static final int METADATA_BYTES_MAX = 16 << 10;
  private static final int CALLS_PER_CONNECTION_MAX = 10_000;
  private static final long HANDSHAKE_SECONDS_MAX = 10;
  private static final long CUT_OFF_SECONDS = 5;

  // What an encoded request may take beside its keys and values.
  private static final long REQUEST_OVERHEAD_BYTES = 1 << 20;

  private final RpcBounds bounds;
  private final SnapshotReads reads;
  private final HealthService health;
  private final EventLoopGroup acceptor = eventLoops(1, "kv-accept");
  private final EventLoopGroup transports =
      eventLoops(Runtime.getRuntime().availableProcessors(), "kv-grpc");
  private final Server server;

  /// Whether a service of the health protocol is well; the future never fails.
  public interface Wellness extends Supplier<CompletableFuture<Boolean>> {}

  /// What a server tells of itself.
  ///
  /// @param version this program's
  /// @param logAddress the replica's log, as it was given
  public record Identity(String version, String logAddress) {}

  private RpcServer(
      InetSocketAddress address,
      ReplicaCalls replica,
      Limits limits,
      RpcBounds bounds,
      Identity identity,
      Wellness ready,
      Wellness live,
      Timers timers,
      MetricRegistry metrics) {
    this.bounds = bounds;
    reads =
        new SnapshotReads(
            new SnapshotReads.Bounds(
                bounds.scansMax(),
                bounds.scanDurationMax(),
                SCAN_CHUNK_BYTES,
                limits.requestBytesMax()),
            timers,
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            metrics);
    health =
        new HealthService(
            Map.of("", ready, KeyValueGrpc.SERVICE_NAME, ready, "live", live), timers);
    var keyValue = new KeyValueService(replica, limits, bounds.requestTimeout(), reads, identity);
    List<ServerServiceDefinition> services =
        Stream.<BindableService>of(keyValue, health, ProtoReflectionServiceV1.newInstance())
            .map(BindableService::bindService)
            .toList();
    server =
        build(
            address,
            services,
            new Connections(bounds.connectionsMax(), metrics),
            new RequestBytes(
                limits.requestBytesMax() + REQUEST_OVERHEAD_BYTES,
                bounds.inFlightBytesMax(),
                metrics),
            new RpcMetrics(services, Clock.SYSTEM, metrics));
  }

  private Server build(
      InetSocketAddress address,
      List<ServerServiceDefinition> services,
      Connections connections,
      RequestBytes bytes,
      RpcMetrics measures) {
    return NettyServerBuilder.forAddress(address)
        .directExecutor()
        .bossEventLoopGroup(acceptor)
        .workerEventLoopGroup(transports)
        .channelFactory(connections::listener)
        .addServices(services)
        // The last one added is the first one called.
        .intercept(bytes)
        .intercept(connections)
        .addTransportFilter(connections)
        .addStreamTracerFactory(measures)
        .addStreamTracerFactory(bytes)
        // RequestBytes holds messages to their limit, and tells why.
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .maxInboundMetadataSize(METADATA_BYTES_MAX)
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
        .decompressorRegistry(DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
        .handshakeTimeout(HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .build();
  }

  /// Listens and serves.
  ///
  /// @param address where; port 0 takes any that is free
  /// @param limits what requests are held to; at most the replica's own
  /// @param ready what the health of the services `""` and `kv.v1.KeyValue` is
  /// @param live what the health of the service `live` is
  /// @param timers stays its giver's to close, after the server
  /// @throws IOException if it cannot listen there
  public static RpcServer open(
      InetSocketAddress address,
      ReplicaCalls replica,
      Limits limits,
      RpcBounds bounds,
      Identity identity,
      Wellness ready,
      Wellness live,
      Timers timers,
      MetricRegistry metrics)
      throws IOException {
    var server =
        new RpcServer(address, replica, limits, bounds, identity, ready, live, timers, metrics);
    try {
      server.server.start();
    } catch (IOException busy) {
      server.close();
      throw busy;
    }
    return server;
  }

  /// The port it listens on.
  public int port() {
    return server.getPort();
  }

  /// Takes no new calls, waits for those under way, and cuts off those that take too long. When it
  /// returns, no snapshot of the replica is held any more.
  @Override
  public void close() {
    health.close();
    server.shutdown();
    try {
      if (!server.awaitTermination(bounds.closeTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("cutting off calls that did not end within {}", bounds.closeTimeout());
        server.shutdownNow().awaitTermination(CUT_OFF_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException interrupted) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    reads.close();
    var _ =
        acceptor.shutdownGracefully(0, CUT_OFF_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    var _ =
        transports.shutdownGracefully(0, CUT_OFF_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static EventLoopGroup eventLoops(int threads, String name) {
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
  }
}
