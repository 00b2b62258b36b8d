package io.tidemark.server.command;

import io.tidemark.base.Timers;
import io.tidemark.server.ServerConfig;
import io.tidemark.server.StartException;
import io.tidemark.server.TidemarkServer;
import io.tidemark.server.Version;
import io.tidemark.server.config.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/// Runs a replica until the process is told to end, and says on the standard output when it listens
/// and when it is ready.
///
/// @param spec whose standard output
/// @param data the replica's directory, as the user wrote it
/// @param grpc where clients connect, as the user wrote it, if they do
/// @param admin where operators connect, as the user wrote it
record ReplicaProcess(CommandSpec spec, Path data, Optional<HostPort> grpc, HostPort admin) {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaProcess.class);
  private static final Duration READY_POLL = Duration.ofMillis(100);

  /// Runs it; returns the exit code.
  int run(ServerConfig config, boolean verbose) {
    return ServerProcess.run(
        process -> start(config, process), verbose, spec.commandLine().getErr());
  }

  private AutoCloseable start(ServerConfig config, ServerProcess process) throws StartException {
    LOG.info("Tidemark {}", Version.CURRENT);
    LOG.info("data directory {}", data.toAbsolutePath().normalize());
    LOG.info("log {}", config.logAddress());
    config
        .replica()
        .checkpoints()
        .ifPresent(checkpoints -> LOG.info("checkpoints {}", checkpoints.store()));
    var server = TidemarkServer.open(config);
    String ports =
        grpc.map(port -> "grpc=" + port.withPort(server.grpcPort()) + " ").orElse("")
            + "admin="
            + admin.withPort(server.adminPort().orElse(0));
    LOG.info("listening {}", ports);
    tell("listening " + ports);
    var _ =
        server
            .stopped()
            .thenAccept(reason -> {
              LOG.error("the replica stopped itself: {}", reason);
              process.fail();
            });
    tellWhenReady(server, ports, Timers.onThread("kv-ready"));
    return server;
  }

  private void tellWhenReady(TidemarkServer server, String ports, Timers timers) {
    var _ =
        server
            .isReady()
            .thenAccept(ready -> {
              if (ready) {
                LOG.info("ready; log id {}", server.status().logId().orElseThrow());
                tell("ready " + ports);
                timers.close();
              } else {
                var _ = timers.after(READY_POLL, () -> tellWhenReady(server, ports, timers));
              }
            });
  }

  private void tell(String line) {
    var out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
