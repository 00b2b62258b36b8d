package io.tidemark.server.operate;

import io.tidemark.checkpoint.CheckpointStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tidemark checkpoint list`: what a store holds.
@Command(
    name = "list",
    description = {
      "Lists the checkpoints in a store, the oldest first. NEW is what had to be sent for one.",
      "It is verified when somebody fetched it, opened it and found its digest, which is needed",
      "before the log is trimmed up to it; doomed when it may no longer be used."
    },
    footer = {
      "Examples:",
      "  tidemark checkpoint list --checkpoints ./tidemark-data/checkpoints",
      "  tidemark checkpoint list --checkpoints s3://backup/db -o json",
      "",
      "Exit codes: 0 listed; 1 failed, or a manifest cannot be read; 2 wrong usage."
    })
final class CheckpointListCommand extends OperatorCommand {
  /// How it is written.
  enum Format {
    /// For people.
    TABLE,
    /// One object a line.
    JSON
  }

  @Mixin CheckpointsOption checkpoints = new CheckpointsOption();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, or json: one object a line. Default: ${DEFAULT-VALUE}.")
  Format format = Format.TABLE;

  @Override
  int run() throws InterruptedException {
    try (CheckpointStore store = existing(bucket.checkpoints(checkpoints.text))) {
      var list = new CheckpointList(store.catalogue());
      switch (format) {
        case TABLE -> {
          println("log " + store.logId());
          list.table().forEach(this::println);
        }
        case JSON -> list.json().forEach(this::println);
      }
      list.problems().forEach(problem -> err().println("tidemark: " + problem));
      return list.problems().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }
}
