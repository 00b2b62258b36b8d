package io.tidemark.server.operate;

import io.tidemark.checkpoint.Catalogue;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointException;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Installation;
import io.tidemark.checkpoint.Pin;
import io.tidemark.statemachine.Digests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark checkpoint verify`: whether a checkpoint can be used.
@Command(
    name = "verify",
    description = {
      "Fetches a checkpoint piece by piece, opens it, and computes its digest anew. Says nothing"
          + " in",
      "the store: only a replica that folded the log itself can say that a checkpoint is right."
    },
    footer = {
      "Examples:",
      "  tidemark checkpoint verify --checkpoints /mnt/backup",
      "  tidemark checkpoint verify --checkpoints /mnt/backup --all",
      "",
      "Exit codes: 0 all are whole; 1 one is not, or failed; 2 wrong usage."
    })
final class CheckpointVerifyCommand extends OperatorCommand {
  @Parameters(
      paramLabel = "REVISION",
      description = "Which, as 'checkpoint list' names them; the newest if none is named.")
  List<Long> revisions = List.of();

  @Mixin CheckpointsOption checkpoints = new CheckpointsOption();

  @Option(
      names = "--all",
      defaultValue = "false",
      description = "All that may be used. Default: ${DEFAULT-VALUE}.")
  boolean all;

  @Mixin ScratchOption scratch = new ScratchOption();

  @Override
  int run() throws InterruptedException {
    if (all && !revisions.isEmpty()) {
      throw usage("name revisions, or say --all, not both");
    }
    try (CheckpointStore store = existing(bucket.checkpoints(checkpoints.text))) {
      int worst = ExitCode.OK;
      for (Checkpoint each : chosen(store.catalogue())) {
        worst = Math.max(worst, verify(store, each.position()));
      }
      return worst;
    }
  }

  private List<Checkpoint> chosen(Catalogue catalogue) {
    if (all && !catalogue.usable().isEmpty()) {
      return catalogue.usable();
    }
    if (revisions.isEmpty()) {
      return List.of(
          catalogue.best().orElseThrow(() -> new Failed("there is no checkpoint to verify")));
    }
    var chosen = new ArrayList<Checkpoint>();
    for (long revision : revisions) {
      chosen.add(
          catalogue
              .at(revision + 1)
              .orElseThrow(() -> new Failed("there is no checkpoint of the revision " + revision)));
    }
    return chosen;
  }

  private int verify(CheckpointStore store, long position) throws InterruptedException {
    Path directory = scratch(scratch.directory);
    Pin pin = store.pin(position, "checkpoint verify");
    try {
      var installation = new Installation(store, pin.manifest(), views(), List.of());
      var digested =
          installation.verify(
              directory, steps().begin("fetching revision " + (position - 1)), Digests.Pace.FULL);
      println(
          "revision %d is whole: %d rows, digest %s"
              .formatted(position - 1, digested.rows(), digested.digest()));
      return ExitCode.OK;
    } catch (CheckpointException.Damaged | CheckpointException.AnotherDatabase wrong) {
      println("revision %d cannot be used: %s".formatted(position - 1, wrong.getMessage()));
      return ExitCode.SOFTWARE;
    } finally {
      pin.release();
    }
  }
}
