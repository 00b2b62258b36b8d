package io.tidemark.replica;

import io.tidemark.checkpoint.Catalogue;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointException;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Fold;
import io.tidemark.checkpoint.Installation;
import io.tidemark.checkpoint.Manifest;
import io.tidemark.checkpoint.Pin;
import io.tidemark.log.Log;
import io.tidemark.statemachine.Digests.Digested;
import io.tidemark.statemachine.StoredView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out whether a checkpoint is right, and who is right where two replicas differ. On the
/// thread of the [Checkpointer].
final class Verifier {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  private final Checkpointing common;

  Verifier(Checkpointing common) {
    this.common = common;
  }

  /// Fetches the checkpoint, whose digest is this replica's own at its position, opens it, and says
  /// in the store that it is right, or that it is not to be used.
  ///
  /// @return whether it is right
  boolean verify(CheckpointStore store, Checkpoint checkpoint) throws InterruptedException {
    long position = checkpoint.position();
    Pin pin = store.pin(position, common.name());
    try {
      new Installation(store, pin.manifest(), common.views(), List.of())
          .verify(
              common.work().verify(),
              common.board().progress("verifying the checkpoint at " + position),
              common.pace());
    } catch (CheckpointException.Damaged damaged) {
      common.board().failed("verifying the checkpoint at " + position, damaged);
      store.doom(position, "found damaged by " + common.name() + ": " + damaged.getMessage());
      return false;
    } finally {
      release(pin);
    }
    boolean asMaker = isOwn(checkpoint);
    store.verify(position, common.name(), asMaker);
    common.board().verified(position, asMaker);
    return true;
  }

  boolean isOwn(Checkpoint checkpoint) {
    return checkpoint.manifest().facts().maker().equals(common.name());
  }

  /// Decides who is right: this replica, whose content at the checkpoint's position has the digest
  /// `own`, or the checkpoint. A replica that is wrong stops; a checkpoint that is wrong is doomed.
  void arbitrate(CheckpointStore store, Catalogue catalogue, Checkpoint checkpoint, Digested own)
      throws InterruptedException {
    long position = checkpoint.position();
    Manifest.Facts facts = checkpoint.manifest().facts();
    var told = new Digested(facts.digest(), facts.rows());
    LOG.error(
        "the replicas differ at {}: this one has {}, {} has {}; the log is folded to see who is"
            + " right",
        position,
        own,
        facts.maker(),
        told);
    Optional<Digested> right = fold(store, catalogue, position);
    if (right.isEmpty()) {
      if (!told.equals(own)) {
        stop(position, own, told, facts.maker(), "nothing is left to fold the log from");
      }
      return;
    }
    if (!right.get().equals(told) && checkpoint.isUsable()) {
      store.doom(
          position,
          "%s folded the log and got %s, not %s".formatted(common.name(), right.get(), told));
    }
    if (right.get().equals(own)) {
      LOG.error(
          "this replica is right at {}; {} is not, and is to be stopped if it has not done so",
          position,
          facts.maker());
    } else {
      stop(position, own, told, facts.maker(), "the log folded anew gives " + right.get());
    }
  }

  private void stop(long position, Digested own, Digested told, String maker, String verdict) {
    common
        .shared()
        .lifecycle()
        .stop(
            """
            this replica's content differs from what the log says, so its answers may be wrong.
              position:      %d
              this replica:  %s (%s)
              checkpoint:    %s (made by %s)
              verdict:       %s
              what to do:    keep a copy of this replica's directory for a report, then delete the \
            directory and start the replica again: its view is built anew from a checkpoint and \
            the log. Check the machine's memory and disk.\
            """
                .formatted(position, own, common.name(), told, maker, verdict),
            null);
  }

  /// What the log gives at this position, folded from the newest earlier verified checkpoint, or
  /// from the log's begin; nothing if neither can be had.
  private Optional<Digested> fold(CheckpointStore store, Catalogue catalogue, long position)
      throws InterruptedException {
    Path directory = common.work().fold();
    LocalDirectories.delete(directory);
    try {
      Optional<Checkpoint> base =
          catalogue.verified().reversed().stream()
              .filter(one -> one.position() < position)
              .findFirst();
      if (base.isPresent()) {
        install(store, base.get().position(), directory);
      } else if (trimPoint() > Log.START) {
        return Optional.empty();
      }
      try (StoredView aside = common.views().open(directory)) {
        Fold.fold(
            common.log(),
            aside,
            new Fold.Until.Position(position),
            common.board().progress("folding the log up to " + position));
        return Optional.of(Fold.digest(aside, common.pace()));
      }
    } catch (CheckpointException.NotInLog
        | CheckpointException.Unusable
        | CheckpointException.Damaged failure) {
      common.board().failed("folding the log up to " + position, failure);
      return Optional.empty();
    } finally {
      LocalDirectories.delete(directory);
    }
  }

  private void install(CheckpointStore store, long position, Path directory)
      throws InterruptedException {
    Pin pin = store.pin(position, common.name());
    try {
      new Installation(store, pin.manifest(), common.views(), List.of())
          .install(directory, common.board().progress("fetching the checkpoint at " + position));
    } finally {
      release(pin);
    }
  }

  private long trimPoint() throws InterruptedException {
    try {
      return common.log().describe().get().trimPoint();
    } catch (ExecutionException e) {
      throw new LogAwayException(String.valueOf(e.getCause()));
    }
  }

  /// A pin that stays is disregarded after a day.
  private static void release(Pin pin) throws InterruptedException {
    try {
      pin.release();
    } catch (CheckpointException left) {
      LOG.warn("a pin could not be released: {}", left.getMessage());
    }
  }
}
