package io.tidemark.server.operate;

import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.PruneReport;
import io.tidemark.checkpoint.Retention;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tidemark checkpoint prune`: forgets old checkpoints.
@Command(
    name = "prune",
    description = {
      "Forgets the oldest checkpoints, and deletes what no other one needs, nobody reads, and no",
      "fork builds on. Two verified checkpoints always stay. Servers that make checkpoints do this",
      "themselves."
    },
    footer = {
      "Examples:",
      "  tidemark checkpoint prune --checkpoints /mnt/backup --keep 7 --dry-run",
      "  tidemark checkpoint prune --checkpoints /mnt/backup --before 2026-03-01T00:00:00Z",
      "",
      "Exit codes: 0 pruned, or there was nothing to prune; 1 failed; 2 wrong usage."
    })
final class CheckpointPruneCommand extends OperatorCommand {
  @Mixin CheckpointsOption checkpoints = new CheckpointsOption();

  @Option(
      names = "--keep",
      paramLabel = "COUNT",
      defaultValue = "2",
      description =
          "How many verified checkpoints stay, the newest, at least 2; what is newer than the"
              + " oldest of them stays as well. Default: ${DEFAULT-VALUE}.")
  int keep = 2;

  @Option(
      names = "--before",
      paramLabel = "TIME",
      converter = Moment.Converter.class,
      description =
          "Forget only what is not needed to restore the database as of this log time or later."
              + " Default: none.")
  @Nullable Moment before;

  @Option(
      names = "--dry-run",
      defaultValue = "false",
      description = "Say what would be done, and change nothing. Default: ${DEFAULT-VALUE}.")
  boolean dryRun;

  @Override
  int run() throws InterruptedException {
    var retention =
        new Retention(
            keep, before == null ? OptionalLong.empty() : OptionalLong.of(before.millis()));
    try (CheckpointStore store = existing(bucket.checkpoints(checkpoints.text))) {
      PruneReport report = dryRun ? store.planPrune(retention) : store.prune(retention);
      String would = dryRun ? "would be " : "";
      println(would + "forgotten: " + revisions(report.doomed()));
      if (!report.ended().isEmpty()) {
        println(would + "given up, because their makers are gone: " + revisions(report.ended()));
      }
      if (!report.held().isEmpty()) {
        println("still read or built on, and therefore kept: " + revisions(report.held()));
      }
      println(would + "deleted: " + report.piecesDeleted() + " pieces");
      return ExitCode.OK;
    }
  }

  private static String revisions(List<Long> positions) {
    return positions.isEmpty()
        ? "none"
        : "revisions " + positions.stream().map(position -> position - 1).toList();
  }
}
