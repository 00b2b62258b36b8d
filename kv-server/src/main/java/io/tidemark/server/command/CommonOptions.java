package io.tidemark.server.command;

import io.tidemark.server.config.DurationConverter;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Settings that every server command has.
final class CommonOptions {
  @Option(
      names = "--tail-timeout",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = DurationConverter.class,
      description =
          "How long the log may take to tell its tail to a ready server."
              + " Default: ${DEFAULT-VALUE}.")
  Duration tailTimeout = Duration.ZERO;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A file of settings, one 'name=value' a line, names as here without the dashes."
              + " Default: none.")
  @Nullable Path config;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "INFO",
      description = "How much is logged: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  Logging.Verbosity logLevel = Logging.Verbosity.INFO;

  @Option(
      names = "--verbose",
      defaultValue = "false",
      description = "Log exceptions with their traces. Default: ${DEFAULT-VALUE}.")
  boolean verbose;

  @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
  boolean help;

  void configureLogging() {
    Logging.configure(logLevel, verbose);
  }
}
