package io.tidemark.replica;

import io.tidemark.checkpoint.Catalogue;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointException;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Installation;
import io.tidemark.checkpoint.Pin;
import io.tidemark.log.LogInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts a checkpoint in the place of a view that lacks what the log no longer has, or that would be
/// folded from the log for longer than the checkpoint is fetched. On the thread `kv-apply`, which
/// it blocks: reads of the old view go on until the new one takes its place.
///
/// **When.** The log begins beyond what the view has applied: in any case. At the start of a
/// replica also where the newest verified checkpoint spares it to fold at least
/// [CheckpointConfig#installBytes] of records, and a quarter of the bytes that are fetched: folding
/// a byte takes about four times as long as fetching one.
///
/// **Which.** The newest verified one that the log goes on from; where the log gives no choice and
/// none is verified, the newest complete one. One that turns out to be damaged is passed over.
final class Healer implements Applier.Healing {
  private static final Logger LOG = LoggerFactory.getLogger(Healer.class);
  private static final int FETCHED_PER_FOLDED = 4;

  /// So often in a row nothing fits until it is given up: others may be pruning at the moment.
  private static final int LOOKS_MAX = 5;

  private static final Duration PAUSE_MIN = Duration.ofMillis(500);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

  private final Checkpointing common;
  private final CurrentView view;
  private final Board board;

  Healer(Checkpointing common, CurrentView view) {
    this.common = common;
    this.view = view;
    this.board = common.board();
  }

  @Override
  public void heal(LogInfo info, long tail) throws LogProof.Unfit, InterruptedException {
    boolean must = info.trimPoint() > view.applied();
    var damaged = new HashSet<Long>();
    var backoff = new Backoff(PAUSE_MIN, PAUSE_MAX);
    int looks = 0;
    long tailKnown = tail;
    board.trimmed(info.trimPoint());
    while (common.isRunning()) {
      try (CheckpointStore store = common.stores().open(info.id())) {
        Catalogue catalogue = store.catalogue();
        board.seen(catalogue);
        tailKnown = requireBehindTail(catalogue, tailKnown);
        Optional<Checkpoint> chosen = choose(catalogue, info, must, damaged);
        if (chosen.isPresent()) {
          install(store, chosen.get().position(), damaged);
          return;
        }
        if (!must) {
          return;
        }
        looks++;
        if (looks == LOOKS_MAX) {
          throw none(info, catalogue);
        }
      } catch (CheckpointException failure) {
        board.failed("installing a checkpoint", failure);
        if (isFinal(failure, must)) {
          throw new LogProof.Unfit(String.valueOf(failure.getMessage()));
        }
        if (!must) {
          return;
        }
      } finally {
        board.idle();
      }
      common.pauses().pause(backoff.failed());
    }
  }

  private static boolean isFinal(CheckpointException failure, boolean must) {
    return switch (failure) {
      case CheckpointException.AnotherDatabase _ -> true;
      case CheckpointException.NewerFormat _ -> must;
      case CheckpointException.Unavailable _,
          CheckpointException.Refused _,
          CheckpointException.Damaged _,
          CheckpointException.Unusable _,
          CheckpointException.Ended _,
          CheckpointException.NotInLog _,
          CheckpointException.Local _ ->
          false;
    };
  }

  /// A checkpoint is folded from the log, so the log is at least as long.
  private long requireBehindTail(Catalogue catalogue, long tailKnown)
      throws LogProof.Unfit, InterruptedException {
    List<Checkpoint> usable = catalogue.usable();
    if (usable.isEmpty() || usable.getLast().position() <= tailKnown) {
      return tailKnown;
    }
    long newest = usable.getLast().position();
    // It may have been made since the tail was told.
    long tail = tail();
    if (newest > tail) {
      throw new LogProof.Unfit(
          "the checkpoint at "
              + newest
              + " in "
              + common.stores()
              + " is ahead of the log, which ends at "
              + tail
              + ": the log has lost records, or an older copy of it took its place. Bring back"
              + " the log as it was, or restore the checkpoint into a new log");
    }
    return tail;
  }

  private long tail() throws InterruptedException {
    var backoff = new Backoff(PAUSE_MIN, PAUSE_MAX);
    while (true) {
      try {
        return common.log().checkTail().get().position();
      } catch (ExecutionException e) {
        common.pauses().pause(backoff.failed());
      }
    }
  }

  private Optional<Checkpoint> choose(
      Catalogue catalogue, LogInfo info, boolean must, Set<Long> damaged) {
    var fitting = new ArrayList<>(catalogue.verified());
    if (must && fitting.stream().noneMatch(one -> fits(one, info, damaged))) {
      fitting.addAll(catalogue.usable());
    }
    return fitting.reversed().stream()
        .filter(one -> fits(one, info, damaged))
        .findFirst()
        .filter(one -> must || isWorthwhile(one));
  }

  private boolean fits(Checkpoint one, LogInfo info, Set<Long> damaged) {
    return one.position() >= info.trimPoint()
        && one.position() > view.applied()
        && !damaged.contains(one.position());
  }

  private boolean isWorthwhile(Checkpoint one) {
    long spared = one.manifest().facts().logBytes() - common.folded().now().logBytes();
    return spared >= common.config().installBytes()
        && spared >= one.manifest().bytes() / FETCHED_PER_FOLDED;
  }

  private void install(CheckpointStore store, long position, Set<Long> damaged)
      throws InterruptedException {
    LOG.info("installing the checkpoint at {} of {}", position, common.stores());
    Pin pin = store.pin(position, common.name());
    try {
      LocalDirectories.delete(common.work().install());
      var installation = new Installation(store, pin.manifest(), common.views(), List.of());
      installation.install(
          common.work().install(), board.progress("installing the checkpoint at " + position));
    } catch (CheckpointException.Damaged failure) {
      damaged.add(position);
      throw failure;
    } finally {
      release(pin);
    }
    LocalDirectories.delete(common.work().former());
    view.replace(common.work().install(), common.work().former());
    board.installed(pin.manifest());
    LocalDirectories.delete(common.work().former());
  }

  /// A pin that stays is disregarded after a day.
  private static void release(Pin pin) throws InterruptedException {
    try {
      pin.release();
    } catch (CheckpointException left) {
      LOG.warn("a pin could not be released: {}", left.getMessage());
    }
  }

  private LogProof.Unfit none(LogInfo info, Catalogue catalogue) {
    String newest =
        catalogue.best().map(one -> "the newest is at " + one.position()).orElse("there is none");
    return new LogProof.Unfit(
        "the log begins at "
            + info.trimPoint()
            + ", but this view has applied everything before "
            + view.applied()
            + ", and no checkpoint in "
            + common.stores()
            + " closes the gap ("
            + newest
            + "): name the place where this log's checkpoints are, or restore one into a new log");
  }
}
