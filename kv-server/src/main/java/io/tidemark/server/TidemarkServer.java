package io.tidemark.server;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.jvm.BufferPoolMetricSet;
import com.codahale.metrics.jvm.ClassLoadingGaugeSet;
import com.codahale.metrics.jvm.FileDescriptorRatioGauge;
import com.codahale.metrics.jvm.GarbageCollectorMetricSet;
import com.codahale.metrics.jvm.MemoryUsageGaugeSet;
import com.codahale.metrics.jvm.ThreadStatesGaugeSet;
import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.log.LogException;
import io.tidemark.replica.Replica;
import io.tidemark.replica.ReplicaStatus;
import io.tidemark.server.admin.AdminServer;
import io.tidemark.server.rpc.RpcServer;
import io.tidemark.statemachine.ViewException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A replica with its gRPC port and its admin port, in this process.
///
/// ```text
///   admin port ── Probes ──────────┐
///                                  ├── ReplicaCalls ── Replica ── log
///   gRPC port ── KeyValueService ──┘
/// ```
///
/// Without a port for clients it is a replica that deals with checkpoints alone.
///
/// It serves as soon as it is open, ready or not: a replica whose log is away answers local reads.
public final class TidemarkServer implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Replica replica;
  private final Probes probes;
  private final @Nullable RpcServer rpc;
  private final OptionalInt adminPort;

  private TidemarkServer(ServerConfig config) throws StartException {
    MetricRegistry metrics = config.replica().metrics();
    replica = openReplica(config);
    parts.push(replica);
    try {
      var calls = new LocalReplica(replica);
      var timers = Timers.onThread("kv-server-timers");
      parts.push(timers);
      probes = new Probes(calls, config.tailTimeout(), config.lagMax(), Clock.SYSTEM);
      rpc =
          config.grpc().isEmpty()
              ? null
              : openRpc(config, config.grpc().get(), calls, timers, metrics);
      registerProcessMetrics(metrics);
      adminPort = openAdmin(config, metrics);
    } catch (StartException | RuntimeException failure) {
      closeParts();
      throw failure;
    }
  }

  /// Opens the replica and both ports. Does not wait for the log.
  ///
  /// @throws StartException if a port, the directory or a log in this process cannot be had
  public static TidemarkServer open(ServerConfig config) throws StartException {
    return new TidemarkServer(config);
  }

  /// The port it listens on for clients; 0 if it does not.
  public int grpcPort() {
    return rpc == null ? 0 : rpc.port();
  }

  /// The port it listens on for operators, if it does.
  public OptionalInt adminPort() {
    return adminPort;
  }

  /// How its replica is doing.
  public ReplicaStatus status() {
    return replica.status();
  }

  /// Whether it is ready now: it asks the log, and never fails.
  public CompletableFuture<Boolean> isReady() {
    return probes.isReady();
  }

  /// Completes with the reason if the replica stops itself for good; the server then answers only
  /// that, until it is closed.
  public CompletableFuture<String> stopped() {
    return replica.stopped();
  }

  /// Says that it is no longer ready, lets calls under way end within the close timeout, and closes
  /// everything. Closing again does nothing.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      probes.goDown();
      closeParts();
    }
  }

  // In the opposite order of opening, whatever fails.
  private void closeParts() {
    RuntimeException first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception failure) {
        if (first == null) {
          first = new IllegalStateException("could not close cleanly: " + failure, failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static Replica openReplica(ServerConfig config) throws StartException {
    try {
      return Replica.open(config.replica());
    } catch (ViewException | LogException failure) {
      throw new StartException(String.valueOf(failure.getMessage()), failure);
    }
  }

  private RpcServer openRpc(
      ServerConfig config,
      InetSocketAddress address,
      LocalReplica calls,
      Timers timers,
      MetricRegistry metrics)
      throws StartException {
    try {
      var server =
          RpcServer.open(
              address,
              calls,
              config.replica().limits(),
              config.rpc(),
              new RpcServer.Identity(Version.CURRENT, config.logAddress()),
              probes::isReady,
              probes::isLive,
              timers,
              metrics);
      parts.push(server);
      return server;
    } catch (IOException busy) {
      throw Ports.inUse(address, "gRPC", busy);
    }
  }

  private OptionalInt openAdmin(ServerConfig config, MetricRegistry metrics) throws StartException {
    if (config.admin().isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      var checks = List.of(probes.live(), probes.ready(), probes.started());
      var admin = AdminServer.open(config.admin().get(), checks, metrics);
      parts.addLast(admin);
      return OptionalInt.of(admin.port());
    } catch (IOException busy) {
      throw Ports.inUse(config.admin().get(), "admin", busy);
    }
  }

  /// Registers what is known of the process, unless the registry has it already.
  static void registerProcessMetrics(MetricRegistry metrics) {
    if (metrics.getNames().contains("jvm.classes.loaded")) {
      return;
    }
    metrics.registerAll("jvm.classes", new ClassLoadingGaugeSet());
    metrics.registerAll("jvm.memory", new MemoryUsageGaugeSet());
    metrics.registerAll("jvm.gc", new GarbageCollectorMetricSet());
    metrics.registerAll("jvm.threads", new ThreadStatesGaugeSet());
    metrics.registerAll(
        "jvm.buffers", new BufferPoolMetricSet(ManagementFactory.getPlatformMBeanServer()));
    metrics.register("process.files.open.ratio", new FileDescriptorRatioGauge());
    double started = ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3;
    metrics.register("process.start.time.seconds", (Gauge<Double>) () -> started);
    metrics.register("build{version=\"" + Version.CURRENT + "\"}", (Gauge<Integer>) () -> 1);
  }
}
