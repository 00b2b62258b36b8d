package io.tidemark.processes;

import io.tidemark.log.LogAddress;
import io.tidemark.log.Logs;
import io.tidemark.replica.ReplicaConfig;
import io.tidemark.server.ServerConfig;
import io.tidemark.server.TidemarkServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// A replica whose log has a bug planted in it, see [PlantedLog]; takes the arguments of the real
/// one.
public final class PlantedReplica {
  private PlantedReplica() {}

  /// How to start one with this bug.
  static Launch with(String bug) {
    return Launch.PLAIN.of(PlantedReplica.class).with(PlantedLog.BUG, bug);
  }

  /// Serves until the process ends.
  public static void main(String[] arguments) throws Exception {
    String address = PlantedLog.value(arguments, "--log");
    var log = PlantedLog.of(Logs.open(LogAddress.parse(address)));
    Path view = Path.of(PlantedLog.value(arguments, "--data")).resolve("view");
    TidemarkServer.open(
        ServerConfig.of(
            ReplicaConfig.of(view, log),
            address,
            listen(arguments, "--grpc"),
            Optional.of(listen(arguments, "--admin"))));
    System.out.println("ready");
    new CountDownLatch(1).await();
  }

  private static InetSocketAddress listen(String[] arguments, String flag) {
    String[] parts = PlantedLog.value(arguments, flag).split(":", -1);
    return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
  }
}
