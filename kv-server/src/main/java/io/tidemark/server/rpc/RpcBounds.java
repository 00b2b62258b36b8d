package io.tidemark.server.rpc;

import io.tidemark.base.Invariants;
import java.time.Duration;

/// What the gRPC port is held to, beside the limits of a single request.
///
/// @param requestTimeout how long a request may take whose client set no deadline
/// @param connectionsMax how many connections are served at a time
/// @param inFlightBytesMax bytes of requests that have not been answered, all together
/// @param scansMax how many scans are open at a time
/// @param scanDurationMax how long a scan may take
/// @param closeTimeout how long closing waits for calls to end before it cuts them off
public record RpcBounds(
    Duration requestTimeout,
    int connectionsMax,
    long inFlightBytesMax,
    int scansMax,
    Duration scanDurationMax,
    Duration closeTimeout) {
  /// 5 s for a request, 1,000 connections, 256 MiB in flight, 256 scans of 10 minutes, 10 s to
  /// close.
  public static final RpcBounds DEFAULT =
      new RpcBounds(
          Duration.ofSeconds(5),
          1_000,
          256L << 20,
          256,
          Duration.ofMinutes(10),
          Duration.ofSeconds(10));

  /// Checks that each allows something.
  public RpcBounds {
    Invariants.check(requestTimeout.isPositive(), "a request has time", requestTimeout);
    Invariants.check(connectionsMax > 0, "a client may connect", connectionsMax);
    Invariants.check(inFlightBytesMax > 0, "a request may come in", inFlightBytesMax);
    Invariants.check(scansMax > 0, "a scan may be open", scansMax);
    Invariants.check(scanDurationMax.isPositive(), "a scan has time", scanDurationMax);
    Invariants.check(!closeTimeout.isNegative(), "no time is negative", closeTimeout);
  }
}
