package io.tidemark.statemachine;

import io.tidemark.base.Invariants;
import java.util.Optional;
import java.util.UUID;

/// Folds the records of the log into a view, one after the other, and answers them.
///
/// The same records give the same state and the same answers on every replica, however they are cut
/// into commits and however often a replica went back to an earlier state and applied them again.
/// What was applied is visible to later records at once, and to readers of the view after the
/// commit.
///
/// One thread calls it. Once a call has failed nothing more can be applied or committed: part of a
/// record may be pending, and the view must not see it. Open the view again and go on from its
/// applied position.
public final class StateMachine {
  /// How many bytes of keys and values one transaction may read in all; beyond it the transaction
  /// is not done, and answered by [Result.AnswerTooLarge]. It leaves room for a largest value.
  /// Never changes: replicas would differ.
  public static final long ANSWER_BYTES_MAX = 20L << 20;

  private final StoredView view;
  private final PendingBatch pending;
  private final Interpreter interpreter;
  private final Sessions sessions;
  private long applied;
  private long logTimeMillis;
  private long logBytes;
  private Optional<Mark> lastMark;
  private boolean failed;

  /// A state machine that goes on from what the view holds. It is the only one that writes to the
  /// view.
  public StateMachine(StoredView view) {
    this(view, SessionLimits.STANDARD, PendingBatch.REMOVED_SINGLY_MAX);
  }

  StateMachine(StoredView view, SessionLimits limits, int removedSinglyMax) {
    this.view = view;
    this.pending = new PendingBatch(view, removedSinglyMax);
    this.interpreter = new Interpreter(pending);
    this.sessions = Sessions.read(view, pending, limits);
    Progress progress = view.progress();
    this.applied = progress.applied();
    this.logTimeMillis = progress.logTimeMillis();
    this.logBytes = progress.logBytes();
    this.lastMark = Optional.ofNullable(view.read(Rows.MARK_KEY)).map(Rows::mark);
  }

  /// Applies the record at this position, which is at or after [#applied].
  ///
  /// What was refused ([Result.SessionUnknown], [Result.AnswerForgotten], [Result.AnswerTooLarge])
  /// and what was answered before changes nothing.
  ///
  /// @param recordBytes the length of the record; it counts in the state, alike on every replica
  /// @throws ViewException if the view cannot be read
  public Result apply(long position, Proposal proposal, int recordBytes) {
    Invariants.check(!failed, "nothing is applied after a failure");
    Invariants.check(position >= applied, "records are applied in order, once", position, applied);
    failed = true;
    logTimeMillis = Math.max(logTimeMillis, proposal.wallMillis());
    logBytes += recordBytes;
    Result result =
        proposal.requestId().isPresent()
            ? sessions.answer(
                proposal.requestId().get(), position, () -> perform(position, proposal.command()))
            : perform(position, proposal.command());
    applied = position + 1;
    failed = false;
    return result;
  }

  private Result perform(long revision, Command command) {
    return switch (command) {
      case Command.OpenSession() -> {
        sessions.open(revision);
        yield new Result.SessionOpened(revision);
      }
      case Command.Put(var key, var value) -> {
        interpreter.put(revision, key, value);
        yield new Result.Written(revision);
      }
      case Command.Delete(var key) -> new Result.Deleted(revision, interpreter.delete(key));
      case Command.DeleteRange(var range) ->
          new Result.Deleted(revision, interpreter.delete(range));
      case Command.Transaction transaction -> interpreter.transact(revision, transaction);
      case Command.Mark(var previous) -> new Result.Marked(revision, mark(revision, previous));
    };
  }

  private boolean mark(long revision, long previous) {
    if (previous != lastMark.map(Mark::revision).orElse(0L)) {
      return false;
    }
    var mark = new Mark(revision, logTimeMillis, logBytes);
    pending.put(Rows.MARK_KEY, Rows.markRow(mark));
    lastMark = Optional.of(mark);
    return true;
  }

  /// Makes everything that was applied visible to readers, at once and together with the applied
  /// position.
  ///
  /// @param upTo the new applied position: after the last record that was applied, and beyond it
  ///   where the log is known to have no record in between
  /// @throws ViewException if the view cannot be written
  public void commit(long upTo) {
    Invariants.check(!failed, "nothing is committed after a failure");
    Invariants.check(upTo >= applied, "a commit covers what was applied", upTo, applied);
    failed = true;
    view.commit(pending, new Progress(upTo, logTimeMillis, logBytes));
    pending.clear();
    applied = upTo;
    failed = false;
  }

  /// Ties the view to the log it is folded from, for ever. The view is not tied to another one:
  /// check [StoredView#logId] first.
  ///
  /// @throws ViewException if the view cannot be written
  public void bindTo(UUID logId) {
    var bound = view.logId();
    Invariants.check(
        bound.isEmpty() || bound.get().equals(logId), "a view belongs to one log", bound, logId);
    if (bound.isEmpty()) {
      Invariants.check(
          view.applied() == 1 && applied == 1, "a view is bound before it is written", applied);
      view.bindTo(logId);
    }
  }

  /// The boundary of what was applied, committed or not: the next record is at or after it.
  public long applied() {
    return applied;
  }

  /// The log's time in milliseconds since 1970: the greatest wall clock of the records applied;
  /// zero before the first.
  public long logTimeMillis() {
    return logTimeMillis;
  }

  /// The bytes of all records applied, as [Progress#logBytes] counts them.
  public long logBytes() {
    return logBytes;
  }

  /// The last mark that took effect among the records applied; nothing before the first.
  public Optional<Mark> lastMark() {
    return lastMark;
  }

  /// How many bytes of keys and rows wait for the commit; commit before they are more than memory
  /// can hold.
  public long pendingBytes() {
    return pending.bytes();
  }
}
