package io.tidemark.server.command;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.log.Log;
import io.tidemark.log.LogAddress;
import io.tidemark.log.LogException;
import io.tidemark.log.Logs;
import io.tidemark.log.remote.LogServer;
import io.tidemark.log.remote.LogServerConfig;
import io.tidemark.server.LogServerAdmin;
import io.tidemark.server.StartException;
import io.tidemark.server.Version;
import io.tidemark.server.admin.AdminServer;
import io.tidemark.server.config.HostPort;
import io.tidemark.server.config.SettingsReader;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tidemark log-server`: serves a log to replicas in other processes until it is told to end.
///
/// It prints `ready` with the ports as they really are on the standard output when replicas can
/// connect.
@Command(
    name = "log-server",
    description = "Serves a log to replicas in other processes.",
    preprocessor = SettingsReader.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footerHeading = "%n",
    footer = {
      "A setting is taken from its flag, else from the environment (TIDEMARK_ and",
      "its name in capitals: TIDEMARK_LISTEN), else from the file of --config, else",
      "it is the default.",
      "",
      "Examples:",
      "  tidemark log-server                    a journal in ./tidemark-log",
      "  tidemark log-server --log journal:/var/lib/tidemark --listen 0.0.0.0:4380",
      "",
      "Exit codes: 0 ended as told, 1 could not start, 2 wrong usage, 143 ended by",
      "SIGTERM after a clean close."
    })
public final class LogServerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(LogServerCommand.class);

  @Spec CommandSpec spec;

  @Option(
      names = "--log",
      paramLabel = "ADDRESS",
      defaultValue = "journal:./tidemark-log",
      description =
          "The log: memory:, journal:DIR or s3://BUCKET/PREFIX. Default: ${DEFAULT-VALUE}.")
  String log = "";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:4380",
      converter = HostPort.Converter.class,
      description = "Where replicas connect; port 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  HostPort listen = new HostPort("", 0);

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      converter = HostPort.Converter.class,
      description = "Where /livez, /readyz, /startupz and /metrics are served. Default: none.")
  @Nullable HostPort admin;

  @Mixin BucketOptions bucket = new BucketOptions();

  @Mixin CommonOptions common = new CommonOptions();

  @SuppressWarnings("NullAway.Init") // The command line sets the spec.
  public LogServerCommand() {}

  @Override
  public Integer call() {
    common.configureLogging();
    LogAddress address;
    try {
      address = bucket.complete(LogAddress.parse(log));
      listen.resolve();
      if (admin != null) {
        admin.resolve();
      }
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
    return ServerProcess.run(_ -> start(address), common.verbose, spec.commandLine().getErr());
  }

  private AutoCloseable start(LogAddress address) throws StartException {
    LOG.info("Tidemark {}", Version.CURRENT);
    LOG.info("log {}", address);
    Log opened = open(address);
    try {
      LogServer server = LogServer.start(opened, LogServerConfig.of(listen.host(), listen.port()));
      Optional<AdminServer> adminServer;
      try {
        adminServer = openAdmin(opened);
      } catch (StartException failure) {
        server.close();
        throw failure;
      }
      String ports = "listen=" + listen.withPort(server.port());
      if (admin != null && adminServer.isPresent()) {
        ports += " admin=" + admin.withPort(adminServer.get().port());
      }
      LOG.info("ready; log id {}; {}", server.info().id(), ports);
      var out = spec.commandLine().getOut();
      out.println("ready " + ports);
      out.flush();
      return () -> {
        server.close();
        opened.close();
        adminServer.ifPresent(AdminServer::close);
      };
    } catch (IOException | LogException failure) {
      opened.close();
      throw new StartException(String.valueOf(failure.getMessage()), failure);
    } catch (StartException failure) {
      opened.close();
      throw failure;
    }
  }

  private static Log open(LogAddress address) throws StartException {
    try {
      return Logs.open(address);
    } catch (LogException failure) {
      throw new StartException(String.valueOf(failure.getMessage()), failure);
    }
  }

  private Optional<AdminServer> openAdmin(Log opened) throws StartException {
    return admin == null
        ? Optional.empty()
        : Optional.of(
            LogServerAdmin.open(admin.resolve(), opened, common.tailTimeout, new MetricRegistry()));
  }
}
