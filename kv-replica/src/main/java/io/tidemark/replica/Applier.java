package io.tidemark.replica;

import io.tidemark.base.Timers;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Mark;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.StateMachine;
import io.tidemark.statemachine.StoredView;
import io.tidemark.statemachine.UpgradeRequiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent that folds the log into the view, on the thread `kv-apply`: the one reader of the log
/// and the only caller of the state machine.
///
/// It reads some records, folds them all, makes them visible in one commit, and only then answers:
/// the writes whose records they were, and the reads that waited for them. What it cannot fold for
/// certain stops the replica.
final class Applier {
  private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

  /// Commits in the middle of what was read once so much waits for it: rows of a great range.
  private static final long PENDING_BYTES_MAX = 32L << 20;

  /// Puts a checkpoint's view in the place of one that lacks what the log no longer has.
  interface Healing {
    /// Without checkpoints nothing can be healed.
    Healing NONE = (info, tail) -> {};

    /// Replaces the view where the log does not have the records that it needs, or where that is
    /// sooner than to fold them. On the thread `kv-apply`, while nothing is folded; it blocks.
    ///
    /// @param info the log, whose trim point was just told
    /// @param tail of the log
    /// @throws LogProof.Unfit if a checkpoint is needed and none can be had
    void heal(LogInfo info, long tail) throws LogProof.Unfit, InterruptedException;
  }

  /// Is told of marks that took effect.
  interface Marks {
    /// Nobody listens.
    Marks NONE = (mark, own, view) -> {};

    /// The view holds exactly what is before the mark's position, for as long as this call takes.
    /// On the thread `kv-apply`.
    ///
    /// @param own whether this replica appended it, since it was started
    void reached(Mark mark, boolean own, StoredView view);
  }

  private final Log log;
  private final CurrentView view;
  private final Folded folded;
  private final Healing healing;
  private final Marks marks;
  private final long proposer;
  private final WriteTable writes;
  private final Appender appender;
  private final Reads reads;
  private final Timers timers;
  private final Shared shared;
  private final Thread thread;
  private final List<AppliedListener> listeners = new CopyOnWriteArrayList<>();

  // Of the thread alone, once that runs.
  private StateMachine machine;

  private volatile boolean closing;
  private volatile @Nullable LogReader reader;

  Applier(
      Log log,
      CurrentView view,
      Folded folded,
      Healing healing,
      Marks marks,
      WritePath writePath,
      Reads reads,
      Environment environment) {
    this.log = log;
    this.view = view;
    this.folded = folded;
    this.healing = healing;
    this.marks = marks;
    this.machine = new StateMachine(view.now());
    folded.committed(machine);
    this.proposer = writePath.proposer();
    this.writes = writePath.writes();
    this.appender = writePath.appender();
    this.reads = reads;
    this.timers = environment.timers();
    this.shared = writePath.shared();
    this.thread = environment.threads().newThread(this::run);
    this.thread.setName("kv-apply");
  }

  void start() {
    thread.start();
  }

  /// Tells this of what is applied from now on, until what is returned is closed.
  AutoCloseable listen(AppliedListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /// Ends the thread and waits until it has.
  void close() {
    closing = true;
    LogReader open = reader;
    if (open != null) {
      open.close();
    }
    thread.interrupt();
    Threads.join(thread);
  }

  private void run() {
    try {
      proveLog();
      follow();
    } catch (InterruptedException e) {
      // Only close() interrupts.
      if (!closing) {
        shared.lifecycle().stop("the thread that applies was interrupted", e);
      }
    } catch (LogProof.Unfit unfit) {
      shared.lifecycle().stop(String.valueOf(unfit.getMessage()), unfit);
    } catch (Throwable failure) {
      shared.lifecycle().stop(reason(failure), failure);
    }
  }

  private void proveLog() throws LogProof.Unfit, InterruptedException {
    LogProof.Proven now = prove(Log.START);
    if (view.now().logId().isEmpty()) {
      machine.bindTo(now.info().id());
    }
    folded.proven();
    reads.tails().open(now.tail());
    appender.open(now.info());
  }

  /// Proves the log, with a checkpoint's view in the place of this one where that is needed.
  private LogProof.Proven prove(long trimPoint) throws LogProof.Unfit, InterruptedException {
    StoredView before = view.now();
    var proof =
        new LogProof(log, timers, failure -> reads.tails().refuse(LogFailures.told(failure)));
    LogProof.Proven now = proof.prove(view, trimPoint, healing);
    if (!view.now().equals(before)) {
      machine = new StateMachine(view.now());
      folded.committed(machine);
      listeners.forEach(listener -> listener.skipped(machine.applied()));
      answer(List.of(), shared.uptime().nanos());
    }
    return now;
  }

  private void follow() throws LogProof.Unfit, InterruptedException {
    while (!closing && shared.lifecycle().isRunning()) {
      try {
        followUntilTrimmed();
      } catch (LogException.Trimmed trimmed) {
        LOG.warn("the log no longer has what this view needs: {}", trimmed.getMessage());
        var _ = prove(trimmed.trimPoint());
      } catch (LogException.Sealed _) {
        // The log has ended and all of it is applied: what is read from here on is right.
        return;
      }
    }
  }

  private void followUntilTrimmed() throws InterruptedException {
    try (LogReader open = log.read(view.applied())) {
      reader = open;
      while (!closing && shared.lifecycle().isRunning()) {
        List<LogRecord> records = open.next();
        if (shared.lifecycle().isRunning()) {
          apply(records, open.position());
        }
      }
    }
  }

  /// Folds the records, commits that everything below `next` is applied, and then answers.
  private void apply(List<LogRecord> records, long next) {
    long beganNanos = shared.uptime().nanos();
    var answers = new ArrayList<WriteAnswer>();
    var news = new ArrayList<News>();
    boolean listenedTo = !listeners.isEmpty();
    for (LogRecord record : records) {
      Proposal proposal = ProposalCodec.decode(record.payload());
      Result result = machine.apply(record.position(), proposal, record.payload().length());
      if (proposal.proposer() == proposer) {
        answers.add(new WriteAnswer(proposal.ordinal(), result));
      }
      if (listenedTo) {
        news.add(new News(record.position(), proposal.command(), result));
      }
      if (result instanceof Result.Marked(long revision, boolean effective)
          && effective
          && revision == record.position()) {
        reach(proposal.proposer() == proposer);
      }
      if (machine.pendingBytes() > PENDING_BYTES_MAX) {
        commit(machine.applied());
      }
    }
    commit(next);
    long committedNanos = shared.uptime().nanos();
    shared.metrics().appliedRecords.inc(records.size());
    shared.metrics().applyRecords.record(records.size());
    shared.metrics().applyLatency.recordNanos(committedNanos - beganNanos);
    tell(news);
    answer(answers, committedNanos);
  }

  private void tell(List<News> news) {
    for (AppliedListener listener : listeners) {
      news.forEach(one -> listener.applied(one.revision, one.command, one.result));
    }
  }

  /// Commits exactly at the mark: what is compared there and what is copied is the same everywhere.
  private void reach(boolean own) {
    Mark mark = machine.lastMark().orElseThrow();
    commit(mark.position());
    marks.reached(mark, own, view.now());
  }

  private void commit(long upTo) {
    machine.commit(upTo);
    folded.committed(machine);
  }

  private void answer(List<WriteAnswer> answers, long committedNanos) {
    var written = new ArrayList<PendingWrite>(answers.size());
    var results = new ArrayList<Result>(answers.size());
    for (WriteAnswer answer : answers) {
      PendingWrite write = writes.take(answer.ordinal);
      // Whoever waited too long was told that the outcome is unknown, and is no longer there.
      if (write != null) {
        shared.metrics().writeLatency.recordNanos(committedNanos - write.beganNanos);
        written.add(write);
        results.add(answer.result);
      }
    }
    List<PendingRead<?>> ready = reads.caughtUp();
    if (!written.isEmpty() || !ready.isEmpty()) {
      shared
          .answers()
          .give(() -> {
            for (int i = 0; i < written.size(); i++) {
              writes.answer(written.get(i), results.get(i));
            }
            reads.answer(ready);
          });
    }
  }

  private record WriteAnswer(long ordinal, Result result) {}

  private record News(long revision, Command command, Result result) {}

  /// Why the replica stops, for an operator.
  private static String reason(Throwable failure) {
    return switch (failure) {
      case UpgradeRequiredException upgrade -> "upgrade required: " + upgrade.getMessage();
      case LogException known -> "reading the log: " + known.getMessage();
      default -> "applying the log: " + failure;
    };
  }
}
