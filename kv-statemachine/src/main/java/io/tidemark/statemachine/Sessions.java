package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import io.tidemark.base.InvariantViolation;
import io.tidemark.base.Invariants;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The table of sessions: makes a request take effect once, however often it is in the log, and
/// gives a repeated request the answer of the first time.
///
/// The table is part of the replicated state: what is known and what is forgotten follows from the
/// records alone. It lives in the rows of the view; what is held in memory beside them is exactly
/// what can be read back from them, so a table that was just read behaves as one that was never
/// closed. A new request costs one row written; a repeated one, one row read.
public final class Sessions {
  /// How many sessions are known. One more, and the session that was used least recently is
  /// forgotten; it is used when it is opened and by every new request. Never changes: replicas
  /// would differ.
  public static final int SESSIONS_MAX = 4_096;

  /// How many sequences of a session are known: the greatest one and those before it. Never
  /// changes.
  public static final int WINDOW = 1_024;

  /// How many bytes of answers are remembered for one session; beyond it the least sequences are
  /// forgotten, but never the greatest one. Never changes.
  public static final int ANSWER_BYTES_PER_SESSION_MAX = 1 << 20;

  private final PendingBatch pending;
  private final SessionLimits limits;
  // The least recently used first.
  private final LinkedHashMap<Long, Session> byUse = new LinkedHashMap<>();

  private Sessions(PendingBatch pending, SessionLimits limits) {
    this.pending = pending;
    this.limits = limits;
  }

  /// Reads the table of the view.
  static Sessions read(StoredView view, PendingBatch pending, SessionLimits limits) {
    var found = new ArrayList<Session>();
    byte[] head = new byte[Rows.SLOT_HEAD_LENGTH];
    try (var rows = view.iterate(Rows.SESSIONS_BEGIN, Rows.SESSIONS_END)) {
      for (boolean more = rows.seekToFirst(); more; more = rows.next()) {
        byte[] key = rows.key();
        long number = Rows.sessionOf(key);
        int length = rows.peek(head);
        if (key.length == Rows.SESSION_KEY_LENGTH) {
          found.add(
              new Session(number, limits, Rows.getLong(head, 0), Rows.getLong(head, Long.BYTES)));
        } else {
          // The row of a session is before those of its slots.
          Session session = found.getLast();
          Invariants.check(session.number() == number, "a slot belongs to a session", number);
          session.remember(Rows.getLong(head, 0), length);
          session.use(Rows.getLong(head, Long.BYTES));
        }
      }
    }
    // One record uses two sessions where a request of one opens the other: then that one is older.
    found.sort(Comparator.comparingLong(Session::lastUsed).thenComparingLong(Session::number));
    var sessions = new Sessions(pending, limits);
    found.forEach(session -> sessions.byUse.put(session.number(), session));
    return sessions;
  }

  /// Opens the session of this number, which is the revision that opens it.
  void open(long number) {
    byUse.put(number, new Session(number, limits, 0, number));
    pending.put(Rows.sessionKey(number), Rows.longs(0, number));
    if (byUse.size() > limits.sessionsMax()) {
      forget(byUse.firstEntry());
    }
  }

  private void forget(Map.Entry<Long, Session> entry) {
    Session session = entry.getValue();
    byUse.remove(entry.getKey());
    pending.remove(Rows.sessionKey(session.number()));
    for (int slot = 0; slot < session.slotsEnd(); slot++) {
      if (session.isOccupied(slot)) {
        pending.remove(Rows.slotKey(session.number(), slot));
      }
    }
  }

  /// Answers a request: as it was answered before, or by doing it now.
  Result answer(RequestId id, long revision, Supplier<Result> doing) {
    Session session = byUse.get(id.session());
    if (session == null) {
      return new Result.SessionUnknown(id.session());
    }
    if (id.sequence() < session.floor()) {
      return new Result.AnswerForgotten(id.sequence());
    }
    if (session.remembers(id.sequence())) {
      return recall(session, id.sequence());
    }
    // Before it is done: opening a session must not forget this one.
    session.use(revision);
    byUse.putLast(id.session(), session);
    Result result = doing.get();
    remember(session, id.sequence(), revision, result);
    return result;
  }

  private Result recall(Session session, long sequence) {
    byte[] row = pending.get(Rows.slotKey(session.number(), session.slot(sequence)));
    if (row == null) {
      throw new InvariantViolation("an occupied slot has a row");
    }
    Invariants.check(
        Rows.getLong(row, 0) == sequence, "a slot holds the sequence of the window", sequence);
    Bytes result = Bytes.wrap(Arrays.copyOfRange(row, Rows.SLOT_HEAD_LENGTH, row.length));
    return RememberedResults.decode(result);
  }

  private void remember(Session session, long sequence, long revision, Result result) {
    moveWindow(session, sequence);
    byte[] row = Rows.slotRow(sequence, revision, RememberedResults.encode(result));
    session.remember(sequence, row.length);
    pending.put(Rows.slotKey(session.number(), session.slot(sequence)), row);
    if (session.isTooLarge()) {
      while (session.isTooLarge()) {
        empty(session, session.raiseFloor());
      }
      // With the last use: the slot that says it may be among those just emptied.
      pending.put(
          Rows.sessionKey(session.number()), Rows.longs(session.notEvicted(), session.lastUsed()));
    }
  }

  /// Empties the slots of the sequences that fall out of the window because `sequence` comes in.
  /// Where sequences follow one another that is the slot of `sequence` itself, which is
  /// overwritten.
  private void moveWindow(Session session, long sequence) {
    long first = Math.max(session.greatest() + 1, sequence - limits.window() + 1);
    for (long skipped = first; skipped < sequence; skipped++) {
      empty(session, session.slot(skipped));
    }
  }

  private void empty(Session session, int slot) {
    if (session.empty(slot)) {
      pending.remove(Rows.slotKey(session.number(), slot));
    }
  }
}
