package io.tidemark.replica;

import io.tidemark.checkpoint.Base;
import io.tidemark.checkpoint.CheckpointException;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Making;
import io.tidemark.checkpoint.Manifest;
import io.tidemark.statemachine.Digests.Digested;
import io.tidemark.statemachine.Mark;
import io.tidemark.statemachine.StoredView;
import java.nio.file.Path;
import java.util.UUID;

/// Makes checkpoints of copies of the view. On the thread of the [Checkpointer].
final class Maker {
  private final Checkpointing common;
  // What was sent may be damaged: the next checkpoint builds on nothing.
  private boolean distrusts;

  Maker(Checkpointing common) {
    this.common = common;
  }

  /// The next checkpoint builds on nothing that is in the store.
  void distrust() {
    distrusts = true;
  }

  /// Uploads the copy and makes it a checkpoint. May be called again after a failure, and then goes
  /// on.
  ///
  /// @throws CheckpointException.Ended if somebody gave the checkpoint up meanwhile
  void make(CheckpointStore store, UUID logId, Mark mark, Path copy, Digested digested)
      throws InterruptedException {
    long position = mark.position();
    Making making =
        store.begin(position, common.name(), distrusts ? new Base.None() : new Base.Newest());
    making.upload(copy, common.board().progress("uploading the checkpoint at " + position));
    Manifest made =
        making.publish(
            new Manifest.Facts(
                logId,
                position,
                mark.logTimeMillis(),
                mark.logBytes(),
                StoredView.FORMAT,
                digested.digest(),
                digested.rows(),
                common.name()));
    distrusts = false;
    common.board().made(made);
  }
}
