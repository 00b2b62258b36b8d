package io.tidemark.server.operate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tidemark checkpoint`: makes, lists, checks and prunes checkpoints.
@Command(
    name = "checkpoint",
    description = "Makes, lists, checks and prunes checkpoints, without a server.",
    synopsisSubcommandLabel = "VERB",
    usageHelpAutoWidth = true,
    subcommands = {
      CheckpointSaveCommand.class,
      CheckpointListCommand.class,
      CheckpointVerifyCommand.class,
      CheckpointPruneCommand.class
    })
public final class CheckpointCommand implements Runnable {
  @Spec CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean helpRequested;

  /// Made by the command line.
  @SuppressWarnings("NullAway.Init") // The command line sets the spec.
  public CheckpointCommand() {}

  /// No verb was given.
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a verb is needed: save, list, verify or prune");
  }
}
