package io.tidemark.replica;

import io.tidemark.checkpoint.Catalogue;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.PruneReport;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Trims the log and prunes the store after the [TrimPlan]. On the thread of the [Checkpointer].
final class Trimmer {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  private final Checkpointing common;
  private long trimmedTo;
  private Catalogue pruned =
      new Catalogue(java.util.List.of(), java.util.List.of(), java.util.List.of());

  Trimmer(Checkpointing common) {
    this.common = common;
  }

  /// Does what the catalogue allows and was not done before; what fails is done at a later call.
  void trimAndPrune(CheckpointStore store, Catalogue catalogue) throws InterruptedException {
    Folded.At now = common.folded().now();
    OptionalLong point = TrimPlan.trimPoint(catalogue.verified(), now, common.config());
    if (point.isPresent() && point.getAsLong() > trimmedTo) {
      common.board().doing("trimming the log to " + point.getAsLong());
      try {
        common.board().trimmed(common.log().trim(point.getAsLong()).get());
      } catch (ExecutionException e) {
        throw new LogAwayException(String.valueOf(e.getCause()));
      }
      trimmedTo = point.getAsLong();
    }
    if (!catalogue.equals(pruned) && catalogue.verified().size() > 1) {
      common.board().doing("pruning checkpoints");
      PruneReport report =
          store.prune(TrimPlan.retention(catalogue.verified(), now, common.config()));
      if (!report.doomed().isEmpty() || report.piecesDeleted() > 0) {
        LOG.info(
            "checkpoints at {} pruned, {} objects deleted",
            report.doomed(),
            report.piecesDeleted());
      }
      pruned = catalogue;
    }
    common.board().idle();
  }
}
