package io.tidemark.dist;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tidemark dev`: services to develop with and to try things on.
@Command(
    name = "dev",
    description = "Services to develop with and to try things on.",
    synopsisSubcommandLabel = "SERVICE",
    usageHelpAutoWidth = true,
    subcommands = DevS3Command.class)
final class DevCommand implements Runnable {
  @Spec CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean helpRequested;

  @SuppressWarnings("NullAway.Init") // The command line sets the spec.
  DevCommand() {}

  /// No service was named.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a service is needed: s3");
  }
}
