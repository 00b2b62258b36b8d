package io.tidemark.server;

import io.tidemark.base.Invariants;
import io.tidemark.replica.ReplicaConfig;
import io.tidemark.server.rpc.RpcBounds;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/// What a server is made from. Immutable; each `with` gives a changed copy.
///
/// @param replica the replica it serves; its registry takes the server's metrics too
/// @param logAddress the replica's log as the user wrote it, told to clients
/// @param grpc where to listen for clients, if anywhere; port 0 takes any that is free
/// @param admin where to listen for operators, if anywhere
/// @param rpc what the gRPC port is held to
/// @param tailTimeout how long the log may take to tell its tail to a server that calls itself
///   ready
/// @param lagMax how long the view of a server that calls itself ready takes to reach a tail
public record ServerConfig(
    ReplicaConfig replica,
    String logAddress,
    Optional<InetSocketAddress> grpc,
    Optional<InetSocketAddress> admin,
    RpcBounds rpc,
    Duration tailTimeout,
    Duration lagMax) {
  /// How long a tail check may take by default.
  public static final Duration TAIL_TIMEOUT = Duration.ofSeconds(2);

  /// How long a view may lag by default.
  public static final Duration LAG_MAX = Duration.ofSeconds(10);

  /// Checks that waiting has room.
  public ServerConfig {
    Invariants.check(tailTimeout.isPositive(), "a tail check has time", tailTimeout);
    Invariants.check(!lagMax.isNegative(), "no time is negative", lagMax);
    Invariants.check(
        rpc.inFlightBytesMax() >= replica.limits().requestBytesMax(),
        "the largest request may be in flight",
        rpc.inFlightBytesMax());
  }

  /// A server of this replica with the default bounds.
  public static ServerConfig of(
      ReplicaConfig replica,
      String logAddress,
      InetSocketAddress grpc,
      Optional<InetSocketAddress> admin) {
    return new ServerConfig(
        replica, logAddress, Optional.of(grpc), admin, RpcBounds.DEFAULT, TAIL_TIMEOUT, LAG_MAX);
  }

  /// The same without a port for clients.
  public ServerConfig withoutClients() {
    return new ServerConfig(replica, logAddress, Optional.empty(), admin, rpc, tailTimeout, lagMax);
  }

  /// With these bounds for the gRPC port.
  public ServerConfig withRpc(RpcBounds changed) {
    return new ServerConfig(replica, logAddress, grpc, admin, changed, tailTimeout, lagMax);
  }

  /// With these times for readiness.
  public ServerConfig withReadiness(Duration changedTailTimeout, Duration changedLagMax) {
    return new ServerConfig(
        replica, logAddress, grpc, admin, rpc, changedTailTimeout, changedLagMax);
  }
}
