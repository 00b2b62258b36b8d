package io.tidemark.server.rpc;

import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.base.Timers;
import io.tidemark.replica.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A gRPC port on the loopback interface before a fake replica, and clients of it.
final class Rig implements AutoCloseable {
  static {
    // What clients do to their streams on purpose here is not worth a word.
    java.util.logging.Logger.getLogger("io.grpc").setLevel(java.util.logging.Level.SEVERE);
  }

  static final Limits LIMITS = new Limits(100, 40_000, 50_000, 5, 4);
  static final RpcBounds BOUNDS =
      new RpcBounds(
          Duration.ofSeconds(5), 3, 4 << 20, 2, Duration.ofSeconds(30), Duration.ofSeconds(1));

  final FakeReplica replica = new FakeReplica();
  final MetricRegistry metrics = new MetricRegistry();
  final RpcServer server;
  volatile boolean ready = true;

  private final Timers timers = Timers.onThread("test-timers");
  private final List<ManagedChannel> channels = new ArrayList<>();
  private @Nullable ManagedChannel shared;

  Rig() {
    this(BOUNDS);
  }

  Rig(RpcBounds bounds) {
    try {
      server =
          RpcServer.open(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              replica,
              LIMITS,
              bounds,
              new RpcServer.Identity("1.2.3", "memory:"),
              () -> CompletableFuture.completedFuture(ready),
              () -> CompletableFuture.completedFuture(true),
              timers,
              metrics);
    } catch (IOException busy) {
      throw new IllegalStateException(busy);
    }
  }

  /// A connection of its own.
  ManagedChannel channel() {
    var channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
            .usePlaintext()
            .disableRetry()
            .maxInboundMessageSize(64 << 20)
            .flowControlWindow(1 << 20)
            .build();
    channels.add(channel);
    return channel;
  }

  /// A client; all clients share a connection.
  KeyValueGrpc.KeyValueBlockingStub client() {
    ManagedChannel common = shared;
    if (common == null) {
      common = channel();
      shared = common;
    }
    return KeyValueGrpc.newBlockingStub(common);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.close();
    timers.close();
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /// What an error says of itself.
  static ErrorInfo info(StatusRuntimeException error) {
    var status = StatusProto.fromThrowable(error);
    if (status == null) {
      throw new AssertionError("no status: " + error);
    }
    for (Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          return detail.unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException broken) {
          throw new AssertionError(broken);
        }
      }
    }
    throw new AssertionError("an error without ErrorInfo: " + error);
  }

  /// Waits for something that happens on other threads.
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("in vain: waited until " + what);
      }
      Thread.onSpinWait();
    }
  }
}
