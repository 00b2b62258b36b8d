package io.tidemark.server.operate;

import picocli.CommandLine.Command;

/// `tidemark fork`: a second database that goes its own way.
@Command(
    name = "fork",
    description = {
      "Begins a second database with the state of this one, as restore does, but without copying",
      "what a checkpoint of this one holds: the new database reads it from there, and it is kept",
      "there for as long as this store is. Both databases then go their own ways."
    },
    footer = {
      "Examples:",
      "  tidemark fork --checkpoints s3://bucket/db/checkpoints --from-log s3://bucket/db \\",
      "      --to-newest --log s3://bucket/trial --into-checkpoints s3://bucket/trial/checkpoints",
      "",
      "Exit codes: 0 forked; 1 failed; 2 wrong usage."
    })
public final class ForkCommand extends NewDatabaseCommand {
  /// Made by the command line.
  public ForkCommand() {}

  @Override
  boolean isSharing() {
    return true;
  }

  @Override
  String done() {
    return "forked";
  }
}
