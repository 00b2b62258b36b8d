package io.tidemark.client;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.regex.Pattern;

/// One server and the connection to it.
final class Endpoint {
  /// Answers larger than this are refused rather than read: the largest value and room beside it.
  private static final int ANSWER_BYTES_MAX = 64 << 20;

  private static final Pattern ADDRESS = Pattern.compile("(\\[[^\\]]+\\]|[^:\\s]+):(\\d{1,5})");

  private final String address;
  private final ManagedChannel channel;

  /// How often it failed since it last worked, and until when others are tried first. Written under
  /// the lock of [Endpoints].
  volatile int failures;

  volatile long avoidUntilNanos;

  private Endpoint(String address, ManagedChannel channel, long nowNanos) {
    this.address = address;
    this.channel = channel;
    this.avoidUntilNanos = nowNanos;
  }

  /// Connects at the first request.
  static Endpoint open(String address, long nowNanos) {
    var parts = ADDRESS.matcher(address);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
      throw new IllegalArgumentException(
          "an endpoint is HOST:PORT, for example 127.0.0.1:4379, not \"" + address + '"');
    }
    // Every attempt is this client's own to see, so nothing below it repeats a request; and nothing
    // it runs on the network threads blocks.
    var channel =
        NettyChannelBuilder.forAddress(
                parts.group(1).replaceAll("[\\[\\]]", ""), Integer.parseInt(parts.group(2)))
            .usePlaintext()
            .directExecutor()
            .disableRetry()
            .maxInboundMessageSize(ANSWER_BYTES_MAX)
            .build();
    return new Endpoint(address, channel, nowNanos);
  }

  /// The address as it was given.
  String address() {
    return address;
  }

  ManagedChannel channel() {
    return channel;
  }

  @Override
  public String toString() {
    return address;
  }
}
