package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.LogException;
import io.tidemark.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the users of a log did to it and were told by it, in the order of the world.
final class LogLedger {
  /// How an append ended, as far as its user knows.
  enum Ending {
    /// Not at all: the user crashed, or the world ended.
    OPEN,
    ACKNOWLEDGED,
    NOT_APPENDED,
    MAYBE_APPENDED
  }

  /// One append.
  static final class Attempt {
    private final List<Bytes> records;
    private Ending ending = Ending.OPEN;
    private @Nullable Appended where;
    private boolean fenced;

    Attempt(List<Bytes> records) {
      this.records = records;
    }

    List<Bytes> records() {
      return records;
    }

    Ending ending() {
      return ending;
    }

    /// Whether it was refused because of a fence.
    boolean wasFenced() {
      return fenced;
    }

    /// Where it stands, if it was acknowledged.
    @Nullable Appended where() {
      return where;
    }
  }

  /// A tail that was proven, and the tail that had been acknowledged when it was asked for.
  record TailCheck(long acknowledgedBefore, long answered) {}

  private final List<Attempt> attempts = new ArrayList<>();
  private final List<LogRecord> reads = new ArrayList<>();
  private final List<TailCheck> tailChecks = new ArrayList<>();
  private long acknowledgedTail = 1;

  Attempt attempt(List<Bytes> records) {
    var attempt = new Attempt(records);
    attempts.add(attempt);
    return attempt;
  }

  void acknowledged(Attempt attempt, Appended where) {
    attempt.ending = Ending.ACKNOWLEDGED;
    attempt.where = where;
    acknowledgedTail = Math.max(acknowledgedTail, where.next());
  }

  void failed(Attempt attempt, LogException failure) {
    attempt.fenced = failure instanceof LogException.Fenced;
    attempt.ending =
        switch (failure.side()) {
          case NOT_APPENDED -> Ending.NOT_APPENDED;
          case MAYBE_APPENDED -> Ending.MAYBE_APPENDED;
        };
  }

  void read(List<LogRecord> records) {
    reads.addAll(records);
  }

  void tailProven(long acknowledgedBefore, long answered) {
    tailChecks.add(new TailCheck(acknowledgedBefore, answered));
  }

  /// The greatest tail that any append was acknowledged with.
  long acknowledgedTail() {
    return acknowledgedTail;
  }

  List<Attempt> attempts() {
    return attempts;
  }

  List<LogRecord> reads() {
    return reads;
  }

  List<TailCheck> tailChecks() {
    return tailChecks;
  }
}
