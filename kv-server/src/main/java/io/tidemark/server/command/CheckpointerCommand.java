package io.tidemark.server.command;

import io.tidemark.base.InvariantViolation;
import io.tidemark.log.LogAddress;
import io.tidemark.replica.ReplicaConfig;
import io.tidemark.server.ServerConfig;
import io.tidemark.server.config.ByteSize;
import io.tidemark.server.config.HostPort;
import io.tidemark.server.config.SettingsReader;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tidemark checkpointer`: a replica that serves no clients, so that those that do need not pay
/// for checkpoints.
///
/// It prints `listening` and `ready` as [ServeCommand] does.
@Command(
    name = "checkpointer",
    description = {
      "Follows a log, makes checkpoints and verifies those of others, trims the log and serves no"
          + " clients."
    },
    preprocessor = SettingsReader.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footerHeading = "%n",
    footer = {
      "A setting is taken from its flag, else from the environment (TIDEMARK_ and",
      "its name in capitals: TIDEMARK_CHECKPOINTS), else from the file of --config,",
      "else it is the default.",
      "",
      "Examples:",
      "  tidemark checkpointer --log remote:10.0.0.5:4380 --checkpoints /mnt/checkpoints",
      "  tidemark checkpointer --log s3://bucket/db",
      "and with replicas beside it: tidemark serve ... --checkpoint-make off",
      "",
      "Exit codes: 0 ended as told, 1 could not start or stopped itself, 2 wrong",
      "usage, 143 ended by SIGTERM after a clean close."
    })
public final class CheckpointerCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./tidemark-checkpointer",
      description = "Where it keeps its view. Default: ${DEFAULT-VALUE}.")
  Path data = Path.of("");

  @Option(
      names = "--log",
      paramLabel = "ADDRESS",
      defaultValue = "remote:127.0.0.1:4380",
      description = "The log: remote:HOST:PORT or s3://BUCKET/PREFIX. Default: ${DEFAULT-VALUE}.")
  String log = "";

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8081",
      converter = HostPort.Converter.class,
      description =
          "Where /livez, /readyz, /startupz and /metrics are served. Default: ${DEFAULT-VALUE}.")
  HostPort admin = new HostPort("", 0);

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "256MiB",
      converter = ByteSize.Converter.class,
      description = "What the view may hold in memory. Default: ${DEFAULT-VALUE}.")
  ByteSize memory = new ByteSize(0);

  @Mixin CheckpointOptions checkpoints = new CheckpointOptions();

  @Mixin BucketOptions bucket = new BucketOptions();

  @Mixin CommonOptions common = new CommonOptions();

  @SuppressWarnings("NullAway.Init") // The command line sets the spec.
  public CheckpointerCommand() {}

  @Override
  public Integer call() {
    common.configureLogging();
    return new ReplicaProcess(spec, data, Optional.empty(), admin).run(config(), common.verbose);
  }

  /// The replica that the settings describe.
  ///
  /// @throws ParameterException naming the setting that makes no sense
  ServerConfig config() {
    try {
      LogAddress address = bucket.complete(LogAddress.parse(log));
      var replica =
          ReplicaConfig.of(data.resolve("view"), address)
              .withMemoryBytes(memory.bytes())
              .withCheckpoints(
                  checkpoints
                      .config(address, data, bucket)
                      .orElseThrow(() ->
                          new IllegalArgumentException(
                              "name the place of the checkpoints by --checkpoints")));
      var unused = new InetSocketAddress(0);
      return ServerConfig.of(replica, address.toString(), unused, Optional.of(admin.resolve()))
          .withoutClients()
          .withReadiness(common.tailTimeout, ServerConfig.LAG_MAX);
    } catch (IllegalArgumentException | InvariantViolation wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }
}
