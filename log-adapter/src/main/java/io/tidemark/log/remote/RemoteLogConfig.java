package io.tidemark.log.remote;

import io.tidemark.base.Invariants;
import java.time.Duration;

/// Where a log is served, how long to wait for it, and how much may be under way.
///
/// @param host the server's name or address
/// @param port the server's port
/// @param connectTimeout how long one attempt to connect may take; at most `tailCheckTimeout`, so
///   that a tail check that waits for the first connection is not later than its own limit
/// @param tailCheckTimeout how long a tail check or a description may take before it fails
/// @param callTimeout how long trim, seal and fence may take
/// @param appendTimeout how long an append may take before it is given up as maybe appended,
///   together with everything else on its connection
/// @param reconnectDelayMax the longest pause between two attempts to connect
/// @param outstandingAppendsMax how many appends may be unanswered
/// @param outstandingBytesMax how many bytes unanswered appends may hold together; one append alone
///   may be larger
/// @param readWindowBytes how many bytes of records each reader may hold or have on the way, each
///   record counted 32 bytes larger; a record beyond that comes alone
public record RemoteLogConfig(
    String host,
    int port,
    Duration connectTimeout,
    Duration tailCheckTimeout,
    Duration callTimeout,
    Duration appendTimeout,
    Duration reconnectDelayMax,
    int outstandingAppendsMax,
    long outstandingBytesMax,
    int readWindowBytes) {
  /// Checks the bounds.
  public RemoteLogConfig {
    Invariants.check(0 < port && port <= 65_535, "a port is from 1 to 65535", port);
    Invariants.check(
        connectTimeout.compareTo(tailCheckTimeout) <= 0,
        "connecting takes no longer than a tail check",
        connectTimeout,
        tailCheckTimeout);
    Invariants.check(outstandingAppendsMax > 0, "an append may be sent", outstandingAppendsMax);
    Invariants.check(outstandingBytesMax > 0, "an append may be sent", outstandingBytesMax);
    Invariants.check(readWindowBytes > 0, "a reader has room", readWindowBytes);
  }

  /// The log served there, with the defaults: 3 s to connect, 3 s for a tail check, 10 s for
  /// anything else, at most 1 s between attempts, 4,096 appends and 64 MiB outstanding, 4 MiB for
  /// each reader.
  public static RemoteLogConfig of(String host, int port) {
    return new RemoteLogConfig(
        host,
        port,
        Duration.ofSeconds(3),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        4_096,
        64L << 20,
        4 << 20);
  }

  /// This, with other time limits; `callTimeout` becomes that of appends.
  public RemoteLogConfig withTimeouts(Duration connect, Duration tailCheck, Duration append) {
    return new RemoteLogConfig(
        host,
        port,
        connect,
        tailCheck,
        append,
        append,
        reconnectDelayMax,
        outstandingAppendsMax,
        outstandingBytesMax,
        readWindowBytes);
  }

  /// This, with other limits for what is outstanding.
  public RemoteLogConfig withOutstanding(int appendsMax, long bytesMax) {
    return new RemoteLogConfig(
        host,
        port,
        connectTimeout,
        tailCheckTimeout,
        callTimeout,
        appendTimeout,
        reconnectDelayMax,
        appendsMax,
        bytesMax,
        readWindowBytes);
  }

  /// This, with another window for readers.
  public RemoteLogConfig withReadWindow(int bytes) {
    return new RemoteLogConfig(
        host,
        port,
        connectTimeout,
        tailCheckTimeout,
        callTimeout,
        appendTimeout,
        reconnectDelayMax,
        outstandingAppendsMax,
        outstandingBytesMax,
        bytes);
  }

  /// `host:port`, as messages name it.
  String address() {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
