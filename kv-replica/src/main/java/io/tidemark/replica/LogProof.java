package io.tidemark.replica;

import io.tidemark.base.Timers;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Proves, before anything is read from a log or given to it, that it is the one the view was
/// folded from and still has what the view needs. On the thread of the [Applier], which it blocks.
final class LogProof {
  private static final Duration RETRY_MIN = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(1);

  /// The log is not one this view can follow; the message says why, for an operator.
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    Unfit(String why) {
      super(why);
    }
  }

  /// What was proven.
  ///
  /// @param info the log, with the view's id
  /// @param tail its tail, which is not before what the view has applied
  record Proven(LogInfo info, long tail) {}

  private final Log log;
  private final Timers timers;
  private final Consumer<LogException> onFailure;

  /// @param onFailure is told of every failed attempt, before it is made again
  LogProof(Log log, Timers timers, Consumer<LogException> onFailure) {
    this.log = log;
    this.timers = timers;
    this.onFailure = onFailure;
  }

  /// Asks until the log is there, and until `healing` has mended what the log cannot.
  ///
  /// @param trimPointKnown the log begins there at the earliest, as it has said
  Proven prove(CurrentView view, long trimPointKnown, Applier.Healing healing)
      throws Unfit, InterruptedException {
    LogInfo info = since(ask(log::describe), trimPointKnown);
    Optional<UUID> id = view.now().logId();
    if (id.isPresent() && !id.get().equals(info.id())) {
      throw new Unfit(
          "the view belongs to the log "
              + id.get()
              + ", but this is the log "
              + info.id()
              + ": give the replica its own log, or an empty directory");
    }
    long tail = ask(log::checkTail).position();
    long before = view.applied();
    healing.heal(info, tail);
    long applied = view.applied();
    if (applied > before) {
      // The log went on meanwhile, and the checkpoint may be of a later place than the tail was.
      tail = ask(log::checkTail).position();
    }
    if (info.trimPoint() > applied) {
      throw new Unfit(
          "the log was trimmed beyond this view, which has applied everything before "
              + applied
              + ", while the log begins at "
              + info.trimPoint()
              + ": the replica needs a checkpoint, and was given no place to take one from");
    }
    if (tail < applied) {
      throw new Unfit(
          "the log ends at "
              + tail
              + ", but this view has applied everything before "
              + applied
              + ": the log has lost records");
    }
    return new Proven(info, tail);
  }

  private static LogInfo since(LogInfo info, long trimPoint) {
    return info.trimPoint() >= trimPoint
        ? info
        : new LogInfo(
            info.id(), info.provider(), trimPoint, info.recordBytesMax(), info.batchBytesMax());
  }

  private <T> T ask(Supplier<CompletableFuture<T>> question) throws Unfit, InterruptedException {
    Duration pause = RETRY_MIN;
    while (true) {
      try {
        return question.get().get();
      } catch (ExecutionException failed) {
        LogException failure =
            LogFailures.of(failed.getCause() == null ? failed : failed.getCause())
                .orElseThrow(() -> new Unfit("the log failed: " + failed.getCause()));
        if (failure instanceof LogException.Corrupt || failure instanceof LogException.Closed) {
          throw new Unfit(String.valueOf(failure.getMessage()));
        }
        onFailure.accept(failure);
      }
      var over = new CountDownLatch(1);
      timers.after(pause, over::countDown);
      over.await();
      pause = pause.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? pause.multipliedBy(2) : RETRY_MAX;
    }
  }
}
