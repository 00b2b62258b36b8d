package io.tidemark.server.operate;

import picocli.CommandLine.Command;

/// `tidemark restore`: a database as it was.
@Command(
    name = "restore",
    description = {
      "Begins a new database with the state that another had at a revision or a time: the newest",
      "checkpoint before it, and the log from there. The new log begins beyond every revision that",
      "the old one gave out. Nothing of the old database is changed, and nothing that is there is",
      "overwritten. Stop the old servers before clients write to the new ones."
    },
    footer = {
      "Examples:",
      "  tidemark restore --checkpoints data/checkpoints --from-log journal:data/log \\",
      "      --to-time 2026-03-01T12:30:00Z --log journal:new/log \\",
      "      --into-checkpoints new/checkpoints",
      "  tidemark restore --checkpoints s3://backup/db --to-newest \\",
      "      --log s3://bucket/db2 --into-checkpoints s3://bucket/db2/checkpoints",
      "",
      "Exit codes: 0 restored; 1 failed; 2 wrong usage."
    })
public final class RestoreCommand extends NewDatabaseCommand {
  /// Made by the command line.
  public RestoreCommand() {}

  @Override
  boolean isSharing() {
    return false;
  }

  @Override
  String done() {
    return "restored";
  }
}
