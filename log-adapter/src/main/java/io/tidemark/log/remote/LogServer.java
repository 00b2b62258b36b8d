package io.tidemark.log.remote;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.remote.v1.LogGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a log to other processes, which use it through [RemoteLog].
///
/// The log stays its owner's: closing the server leaves it open, and whoever closes both closes the
/// server first. Where the log was closed under it, clients find the log unavailable. The service
/// is `log.v1.Log`; beside it are gRPC's health service (for `""` and `log.v1.Log`) and reflection.
/// There is no authentication and no encryption: it belongs on a trusted network.
///
/// Any thread may call it.
public final class LogServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogServer.class);
  private static final int CALLS_PER_CONNECTION_MAX = 2_048;
  private static final int METADATA_BYTES_MAX = 8 << 10;

  // Clients ask every 10 s; a dead one holds its streams for 15 s at most.
  private static final long KEEPALIVE_SECONDS = 10;
  private static final long KEEPALIVE_TIMEOUT_SECONDS = 5;
  private static final long PERMITTED_KEEPALIVE_SECONDS = 1;

  private final LogServerConfig config;
  private final LogInfo info;
  private final LogService service;
  private final HealthStatusManager health = new HealthStatusManager();
  private final Server server;

  private LogServer(LogServerConfig config, LogInfo info, LogService service) {
    this.config = config;
    this.info = info;
    this.service = service;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.port()))
            .directExecutor()
            .addService(service)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .maxInboundMessageSize(messageBytesMax(info))
            .maxInboundMetadataSize(METADATA_BYTES_MAX)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(PERMITTED_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .build();
  }

  private static int messageBytesMax(LogInfo info) {
    long bytes =
        (long) info.batchBytesMax() + Wire.BATCH_OVERHEAD_BYTES + Wire.MESSAGE_OVERHEAD_BYTES;
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /// Serves the log; returns when clients can connect. Waits for the log to describe itself.
  ///
  /// @throws IOException if the address cannot be listened on; the message names it
  /// @throws LogException if the log cannot say what it is
  public static LogServer start(Log log, LogServerConfig config) throws IOException {
    LogInfo info = describe(log);
    var threads = Thread.ofVirtual().name("log-read-", 0).factory();
    var server = new LogServer(config, info, new LogService(log, info, config, threads));
    try {
      server.server.start();
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on " + config.host() + ":" + config.port() + ": " + e.getMessage(), e);
    }
    server.health.setStatus("", ServingStatus.SERVING);
    server.health.setStatus(LogGrpc.SERVICE_NAME, ServingStatus.SERVING);
    LOG.info("serving the log {} on {}:{}", info.id(), config.host(), server.port());
    return server;
  }

  private static LogInfo describe(Log log) {
    try {
      return log.describe().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LogException failure ? failure : e;
    }
  }

  /// The port it listens on.
  public int port() {
    return server.getPort();
  }

  /// What it serves, as it was at the start.
  public LogInfo info() {
    return info;
  }

  /// Takes nothing new, answers the appends the log has, ends every stream and waits, up to the
  /// close timeout, for clients to be told; then drops what is left. Clients connect again when
  /// there is a server again.
  @Override
  public void close() {
    health.enterTerminalState();
    server.shutdown();
    service.close();
    try {
      if (!server.awaitTermination(config.closeTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("dropping what is still under way");
      }
      server
          .shutdownNow()
          .awaitTermination(config.closeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
