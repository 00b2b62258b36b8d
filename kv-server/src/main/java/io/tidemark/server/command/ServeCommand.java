package io.tidemark.server.command;

import io.tidemark.base.InvariantViolation;
import io.tidemark.log.LogAddress;
import io.tidemark.replica.CheckpointConfig;
import io.tidemark.replica.Limits;
import io.tidemark.replica.ReplicaConfig;
import io.tidemark.server.ServerConfig;
import io.tidemark.server.config.ByteSize;
import io.tidemark.server.config.DurationConverter;
import io.tidemark.server.config.HostPort;
import io.tidemark.server.config.SettingsReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tidemark serve`: runs a replica until it is told to end.
///
/// It prints two lines on the standard output, each with the ports as they really are: `listening`
/// when clients can connect, and `ready` when the log has answered and the view has caught up.
@Command(
    name = "serve",
    description = "Runs a replica that answers clients over gRPC.",
    preprocessor = SettingsReader.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footerHeading = "%n",
    footer = {
      "A setting is taken from its flag, else from the environment (TIDEMARK_ and",
      "its name in capitals: TIDEMARK_REQUEST_TIMEOUT), else from the file of",
      "--config, else it is the default.",
      "",
      "Examples:",
      "  tidemark serve                              one replica with a log of its own",
      "  tidemark serve --log remote:10.0.0.5:4380   one of many replicas of a log",
      "  tidemark serve --log s3://bucket/db         the same, with a bucket for a log",
      "  tidemark serve --grpc 0.0.0.0:4379 --data /var/lib/tidemark --memory 4GiB",
      "",
      "Exit codes: 0 ended as told, 1 could not start or the replica stopped itself,",
      "2 wrong usage, 143 ended by SIGTERM after a clean close."
    })
public final class ServeCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./tidemark-data",
      description = "Where the replica keeps its view. Default: ${DEFAULT-VALUE}.")
  Path data = Path.of("");

  @Option(
      names = "--log",
      paramLabel = "ADDRESS",
      defaultValue = "journal:",
      description =
          "The log: memory:, journal:DIR, remote:HOST:PORT or s3://BUCKET/PREFIX; journal: alone is"
              + " the directory 'log' inside --data. Default: ${DEFAULT-VALUE}.")
  String log = "";

  @Option(
      names = "--grpc",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:4379",
      converter = HostPort.Converter.class,
      description = "Where clients connect; port 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  HostPort grpc = new HostPort("", 0);

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8080",
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

  @Option(
      names = "--request-timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description =
          "How long a request may take whose client sets no deadline. Default: ${DEFAULT-VALUE}.")
  Duration requestTimeout = Duration.ZERO;

  @Mixin LimitOptions limits = new LimitOptions();

  @Option(
      names = "--lag-max",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description =
          "How long a ready server's view may take to reach the log's tail."
              + " Default: ${DEFAULT-VALUE}.")
  Duration lagMax = Duration.ZERO;

  @Mixin CheckpointOptions checkpoints = new CheckpointOptions();

  @Mixin RoleOptions roles = new RoleOptions();

  @Mixin BucketOptions bucket = new BucketOptions();

  @Mixin CommonOptions common = new CommonOptions();

  @SuppressWarnings("NullAway.Init") // The command line sets the spec.
  public ServeCommand() {}

  @Override
  public Integer call() {
    common.configureLogging();
    return new ReplicaProcess(spec, data, Optional.of(grpc), admin).run(config(), common.verbose);
  }

  /// The server that the settings describe.
  ///
  /// @throws ParameterException naming the setting that makes no sense
  ServerConfig config() {
    try {
      LogAddress address =
          bucket.complete(
              LogAddress.parse(log.equals("journal:") ? log + data.resolve("log") : log));
      Limits requestLimits = limits.limits();
      var replica =
          ReplicaConfig.of(data.resolve("view"), address)
              .withLimits(requestLimits)
              .withTimeout(requestTimeout)
              .withMemoryBytes(memory.bytes());
      Optional<CheckpointConfig> kept = checkpoints.config(address, data, bucket);
      if (kept.isPresent()) {
        replica = replica.withCheckpoints(kept.get().withRoles(roles.makes(), roles.verifies()));
      }
      return ServerConfig.of(
              replica, address.toString(), grpc.resolve(), Optional.of(admin.resolve()))
          .withRpc(limits.bounds(requestTimeout))
          .withReadiness(common.tailTimeout, lagMax);
    } catch (IllegalArgumentException | InvariantViolation wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }
}
