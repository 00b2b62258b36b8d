package io.tidemark.checkpoint;

import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Tail;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.Digests.Digested;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.StateMachine;
import io.tidemark.statemachine.StoredView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Folds a log into a view aside, from where the view is up to an exact place: what tells which of
/// two replicas is right, and what a restore and a fork begin with.
public final class Fold {
  /// Commits once so much waits for it.
  private static final long PENDING_BYTES_MAX = 32L << 20;

  private final Log log;
  private final StoredView view;
  private final Until until;
  private final ProgressListener progress;
  private final StateMachine machine;
  private long records;
  private boolean reached;

  private Fold(Log log, StoredView view, Until until, ProgressListener progress) {
    this.log = log;
    this.view = view;
    this.until = until;
    this.progress = progress;
    this.machine = new StateMachine(view);
  }

  /// How far to fold.
  public sealed interface Until {
    /// Every record below this position, and none at or after it: up to the applied position of a
    /// checkpoint, or one beyond a revision.
    record Position(long position) implements Until {}

    /// Every record before the first with a later log time, at most all that the log holds when the
    /// fold begins.
    record Time(long logTimeMillis) implements Until {}

    /// All records up to this revision, itself among them.
    static Until revision(long revision) {
      return new Position(revision + 1);
    }
  }

  /// What came of it.
  ///
  /// @param applied the view's applied position
  /// @param logTimeMillis the log's time there
  /// @param records how many were folded
  public record Folded(long applied, long logTimeMillis, long records) {}

  /// Folds. The view may be empty: it is then bound to the log. It is left open, committed as far
  /// as the fold came, also where it fails.
  ///
  /// @param view nobody else writes to it
  /// @param progress hears of positions, from the view's to the last
  /// @throws CheckpointException.AnotherDatabase if the view is of another log
  /// @throws CheckpointException.NotInLog if the log was trimmed beyond the view, or does not reach
  ///   the place, or the view is beyond it
  /// @throws CheckpointException.Unavailable if the log cannot be asked
  /// @throws io.tidemark.statemachine.RecordException if a record cannot be understood
  public static Folded fold(Log log, StoredView view, Until until, ProgressListener progress)
      throws InterruptedException {
    return new Fold(log, view, until, progress).run();
  }

  /// The digest of all that the view holds now.
  public static Digested digest(StoredView view, Digests.Pace pace) throws InterruptedException {
    try (var snapshot = view.snapshot()) {
      return Digests.of(snapshot, pace);
    }
  }

  private Folded run() throws InterruptedException {
    LogInfo info = ask(log.describe());
    if (view.logId().isEmpty()) {
      machine.bindTo(info.id());
    } else if (!view.logId().equals(Optional.of(info.id()))) {
      throw new CheckpointException.AnotherDatabase(
          "the checkpoint is of the log " + view.logId().get() + ", and this is " + info.id());
    }
    long begin = view.applied();
    long end = end(begin);
    try (LogReader reader = log.read(begin)) {
      while (!reached && reader.position() < end) {
        if (Thread.interrupted()) {
          throw new InterruptedException("a log was being folded");
        }
        apply(reader.next(), end);
        if (!reached) {
          machine.commit(Math.max(machine.applied(), Math.min(reader.position(), end)));
        }
        progress.at(machine.applied() - begin, end - begin);
      }
    } catch (LogException.Trimmed trimmed) {
      throw new CheckpointException.NotInLog(
          ("the log was trimmed beyond %d, where this begins (%s):"
                  + " begin with a checkpoint that is not older than the log's begin")
              .formatted(begin, trimmed.getMessage()));
    } catch (LogException failure) {
      throw new CheckpointException.Unavailable("reading the log: " + failure.getMessage());
    }
    machine.commit(machine.applied());
    return new Folded(machine.applied(), machine.logTimeMillis(), records);
  }

  private long end(long begin) throws InterruptedException {
    long tail =
        switch (ask(log.checkTail())) {
          case Tail.Open(var position) -> position;
          case Tail.Sealed(var position) -> position;
        };
    return switch (until) {
      case Until.Time(var millis) -> {
        if (machine.logTimeMillis() > millis) {
          throw new CheckpointException.NotInLog(
              "the checkpoint is of the log time %d, later than %d: begin with an earlier one"
                  .formatted(machine.logTimeMillis(), millis));
        }
        yield tail;
      }
      case Until.Position(var position) -> {
        if (position < begin) {
          throw new CheckpointException.NotInLog(
              "the checkpoint is at %d, beyond %d: begin with an earlier one"
                  .formatted(begin, position));
        }
        if (position > tail) {
          throw new CheckpointException.NotInLog(
              "the log ends at %d, before %d".formatted(tail, position));
        }
        yield position;
      }
    };
  }

  private void apply(List<LogRecord> found, long end) {
    for (LogRecord record : found) {
      if (record.position() >= end) {
        reached = true;
        return;
      }
      Proposal proposal = ProposalCodec.decode(record.payload());
      if (until instanceof Until.Time(var millis) && proposal.wallMillis() > millis) {
        reached = true;
        return;
      }
      machine.apply(record.position(), proposal, record.payload().length());
      records++;
      if (machine.pendingBytes() > PENDING_BYTES_MAX) {
        machine.commit(machine.applied());
      }
    }
  }

  /// What the log answers.
  static <T> T ask(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new CheckpointException.Unavailable("the log does not answer: " + e.getCause());
    }
  }
}
