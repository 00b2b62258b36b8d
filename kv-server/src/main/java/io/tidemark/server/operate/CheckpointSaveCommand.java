package io.tidemark.server.operate;

import io.tidemark.checkpoint.Base;
import io.tidemark.checkpoint.CheckpointAddress;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Manifest;
import io.tidemark.checkpoint.Rebuild;
import io.tidemark.log.Log;
import io.tidemark.log.LogAddress;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tidemark checkpoint save`: a checkpoint of all that the log holds, made beside the servers.
@Command(
    name = "save",
    description = {
      "Makes a checkpoint of all that a log holds now: installs the newest checkpoint aside, folds",
      "the log behind it, uploads what is new, and fetches it again to see that it is right. The",
      "servers take no part in it."
    },
    footer = {
      "Examples:",
      "  tidemark checkpoint save --log remote:10.0.0.5:4380 --checkpoints /mnt/backup",
      "  tidemark checkpoint save --log s3://bucket/db --checkpoints s3://backup/db",
      "",
      "Exit codes: 0 saved, or there was nothing new; 1 failed; 2 wrong usage."
    })
final class CheckpointSaveCommand extends OperatorCommand {
  @Option(
      names = "--log",
      paramLabel = "ADDRESS",
      required = true,
      description = "The log: journal:DIR, remote:HOST:PORT or s3://BUCKET/PREFIX. Default: none.")
  String log = "";

  @Mixin CheckpointsOption checkpoints = new CheckpointsOption();

  @Mixin ScratchOption scratch = new ScratchOption();

  @Override
  int run() throws InterruptedException {
    LogAddress address = bucket.complete(LogAddress.parse(log));
    CheckpointAddress place = bucket.checkpoints(checkpoints.text);
    String maker = "checkpoint save " + UUID.randomUUID();
    StepLines steps = steps();
    try (Log opened = open(address)) {
      UUID id = idOf(opened);
      try (CheckpointStore store = of(place, id)) {
        var source = new Rebuild.Source(Optional.of(store), Optional.of(opened), maker, false);
        try (Rebuild state =
            Rebuild.of(
                source, new Rebuild.Place.Newest(), scratch(scratch.directory), views(), steps)) {
          long revision = state.progress().applied() - 1;
          if (store.catalogue().at(state.progress().applied()).isPresent()) {
            println("nothing new: there is a checkpoint of the revision " + revision);
            return ExitCode.OK;
          }
          Manifest saved = state.publish(store, maker, new Base.Newest(), steps);
          println(
              "saved revision %d: %s, of which %s are new, digest %s"
                  .formatted(
                      revision,
                      CheckpointList.size(saved.bytes()),
                      CheckpointList.size(saved.newBytes()),
                      saved.facts().digest()));
        }
      }
    }
    return ExitCode.OK;
  }

  /// Which log it is.
  static UUID idOf(Log log) {
    try {
      return log.describe().join().id();
    } catch (CompletionException failure) {
      throw new Failed("the log does not answer: " + failure.getCause());
    }
  }
}
