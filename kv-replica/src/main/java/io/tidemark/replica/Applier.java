package io.tidemark.replica;

import io.tidemark.base.Timers;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.statemachine.Command;
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

/// The agent that folds the log into the view, on the thread `kv-apply`: the one reader of the log
/// and the only caller of the state machine.
///
/// It reads some records, folds them all, makes them visible in one commit, and only then answers:
/// the writes whose records they were, and the reads that waited for them. What it cannot fold for
/// certain stops the replica.
final class Applier {
  /// Commits in the middle of what was read once so much waits for it: rows of a great range.
  private static final long PENDING_BYTES_MAX = 32L << 20;

  private final Log log;
  private final StoredView view;
  private final StateMachine machine;
  private final long proposer;
  private final WriteTable writes;
  private final Appender appender;
  private final Reads reads;
  private final Timers timers;
  private final Shared shared;
  private final Thread thread;
  private final List<AppliedListener> listeners = new CopyOnWriteArrayList<>();

  private volatile boolean closing;
  private volatile boolean proven;
  private volatile long logTimeMillis;
  private volatile @Nullable LogReader reader;

  Applier(
      Log log,
      StoredView view,
      long proposer,
      WriteTable writes,
      Appender appender,
      Reads reads,
      Environment environment,
      Shared shared) {
    this.log = log;
    this.view = view;
    this.machine = new StateMachine(view);
    this.logTimeMillis = machine.logTimeMillis();
    this.proposer = proposer;
    this.writes = writes;
    this.appender = appender;
    this.reads = reads;
    this.timers = environment.timers();
    this.shared = shared;
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

  /// Whether the log was proven to be the view's.
  boolean isProven() {
    return proven;
  }

  /// The greatest proposal time applied, in milliseconds since 1970.
  long logTimeMillis() {
    return logTimeMillis;
  }

  /// Ends the thread and waits until it has.
  void close() {
    closing = true;
    LogReader open = reader;
    if (open != null) {
      open.close();
    }
    thread.interrupt();
    if (Thread.currentThread().equals(thread)) {
      return;
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
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
    var proof =
        new LogProof(log, timers, failure -> reads.tails().refuse(LogFailures.told(failure)));
    LogProof.Proven now = proof.prove(view.logId(), view);
    if (view.logId().isEmpty()) {
      machine.bindTo(now.info().id());
    }
    proven = true;
    reads.tails().open(now.tail());
    appender.open(now.info());
  }

  private void follow() throws InterruptedException {
    try (LogReader open = log.read(view.applied())) {
      reader = open;
      while (!closing && shared.lifecycle().isRunning()) {
        List<LogRecord> records = open.next();
        if (shared.lifecycle().isRunning()) {
          apply(records, open.position());
        }
      }
    } catch (LogException.Sealed _) {
      // The log has ended and all of it is applied: what is read from here on is right.
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

  private void commit(long upTo) {
    machine.commit(upTo);
    logTimeMillis = machine.logTimeMillis();
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
      case LogException.Trimmed trimmed ->
          "the log was trimmed beyond this view: "
              + trimmed.getMessage()
              + "; the replica needs a checkpoint";
      case LogException known -> "reading the log: " + known.getMessage();
      default -> "applying the log: " + failure;
    };
  }
}
