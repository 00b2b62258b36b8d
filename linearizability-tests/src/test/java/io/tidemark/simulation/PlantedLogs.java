package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.simulation.PlantedBugs.Bug;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/// The bugs of logs, planted between a replica and its log.
final class PlantedLogs {
  private PlantedLogs() {}

  static List<Bug> all() {
    var bugs = new ArrayList<Bug>();
    bugs.addAll(appends());
    bugs.addAll(tailChecks());
    bugs.addAll(reading());
    bugs.addAll(operating());
    return List.copyOf(bugs);
  }

  private static List<Bug> appends() {
    return List.of(
        new Bug("M09", "appends again when the outcome is unknown", onLog(RetryingLog::new), "I3"),
        new Bug(
            "M15", "splits a batch", beneathLedger(SplittingLog::new), "contract of append", "I2"),
        new Bug(
            "M32",
            "takes each answer for that of the append before, once one was lost",
            beneathLedger(ShiftedLog::new),
            "I2"),
        new Bug(
            "M30a",
            "tells an append of unknown outcome as one that failed",
            beneathLedger(log ->
                new AnotherLog(log) {
                  @Override
                  public CompletableFuture<Appended> append(
                      List<Bytes> records, Precondition precondition) {
                    return log.append(records, precondition)
                        .exceptionallyCompose(failure ->
                            CompletableFuture.failedFuture(
                                new LogException.Unavailable("gone", failure)));
                  }
                }),
            "I8"));
  }

  private static List<Bug> tailChecks() {
    return List.of(
        new Bug(
            "M16",
            "reads without a tail check",
            onLog(log ->
                new AnotherLog(log) {
                  @Override
                  public CompletableFuture<Tail> checkTail() {
                    return CompletableFuture.completedFuture(new Tail.Open(Log.START));
                  }
                }),
            "I6",
            "strict serializability",
            "blind"),
        new Bug(
            "M17",
            "remembers the tail for 100 ms",
            new Plant() {
              @Override
              public Log replicaLog(Log log, SimNode.Life life) {
                return new CachedTailLog(log, life);
              }
            },
            "I6",
            "strict serializability",
            "blind"),
        new Bug(
            "M18",
            "a tail check takes in whoever comes while it is under way",
            onLog(JoiningTailLog::new),
            "I6",
            "strict serializability",
            "blind"),
        new Bug(
            "M19",
            "waits for one record too few",
            onLog(log ->
                new AnotherLog(log) {
                  @Override
                  public CompletableFuture<Tail> checkTail() {
                    return log.checkTail()
                        .thenApply(tail ->
                            switch (tail) {
                              case Tail.Open(long position) ->
                                  new Tail.Open(Math.max(Log.START, position - 1));
                              case Tail.Sealed sealed -> sealed;
                            });
                  }
                }),
            "I6",
            "strict serializability",
            "blind"));
  }

  private static List<Bug> reading() {
    return List.of(
        new Bug(
            "M20",
            "shows records to readers before they are durable",
            new Plant() {
              @Override
              public Log servedLog(Log log) {
                return EagerLog.over(log);
              }

              @Override
              public boolean canShow(SwarmConfig config) {
                return config.journal() && !config.faults().contains(SwarmConfig.Fault.TRIM);
              }
            },
            "I1"),
        new Bug(
            "M23",
            "a wall clock decides within apply",
            new Plant() {
              @Override
              public Log replicaLog(Log log, SimNode.Life life) {
                return new OwnClockLog(log, life);
              }
            },
            "I5"));
  }

  private static List<Bug> operating() {
    return List.of(
        new Bug("M12", "ignores fences", onServed(UnfencedLog::new, SwarmConfig.Fault.FENCE), "I7"),
        new Bug(
            "M14",
            "skips what was trimmed",
            onServed(SkippingLog::new, SwarmConfig.Fault.TRIM),
            "I14"),
        new Bug(
            "M41",
            "trims what a replica has not written down yet",
            new Plant() {
              @Override
              public long trimUpTo(long needed, long tail) {
                return tail;
              }

              @Override
              public boolean canShow(SwarmConfig config) {
                return config.faults().contains(SwarmConfig.Fault.TRIM);
              }
            },
            "I14",
            "I16"));
  }

  private static Plant onServed(UnaryOperator<Log> bad, SwarmConfig.Fault needed) {
    return new Plant() {
      @Override
      public Log servedLog(Log log) {
        return bad.apply(log);
      }

      @Override
      public boolean canShow(SwarmConfig config) {
        return config.faults().contains(needed);
      }
    };
  }

  private static Plant onLog(UnaryOperator<Log> bad) {
    return new Plant() {
      @Override
      public Log replicaLog(Log log, SimNode.Life life) {
        return bad.apply(log);
      }
    };
  }

  private static Plant beneathLedger(UnaryOperator<Log> bad) {
    return new Plant() {
      @Override
      public Log remoteLog(Log log, SimNode.Life life) {
        return bad.apply(log);
      }
    };
  }

  /// A log like another one.
  private abstract static class AnotherLog implements Log {
    private final Log log;

    AnotherLog(Log log) {
      this.log = log;
    }

    @Override
    public CompletableFuture<LogInfo> describe() {
      return log.describe();
    }

    @Override
    public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
      return log.append(records, precondition);
    }

    @Override
    public CompletableFuture<Tail> checkTail() {
      return log.checkTail();
    }

    @Override
    public LogReader read(long from) {
      return log.read(from);
    }

    @Override
    public CompletableFuture<Long> trim(long upTo) {
      return log.trim(upTo);
    }

    @Override
    public CompletableFuture<Tail.Sealed> seal() {
      return log.seal();
    }

    @Override
    public CompletableFuture<Void> fence(Bytes token) {
      return log.fence(token);
    }

    @Override
    public void close() {
      log.close();
    }
  }

  private static final class RetryingLog extends AnotherLog {
    RetryingLog(Log log) {
      super(log);
    }

    @Override
    public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
      return super.append(records, precondition)
          .exceptionallyCompose(failure ->
              Failures.unwrap(failure) instanceof LogException.Indeterminate
                  ? super.append(records, precondition)
                  : CompletableFuture.failedFuture(failure));
    }
  }

  private static final class UnfencedLog extends AnotherLog {
    UnfencedLog(Log log) {
      super(log);
    }

    @Override
    public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
      return super.append(records, Precondition.NONE);
    }

    @Override
    public CompletableFuture<Void> fence(Bytes token) {
      return super.fence(Bytes.EMPTY);
    }
  }

  private static final class SkippingLog extends AnotherLog {
    SkippingLog(Log log) {
      super(log);
    }

    @Override
    public LogReader read(long from) {
      var reader = new LogReader[] {super.read(from)};
      return new LogReader() {
        @Override
        public List<LogRecord> next() throws InterruptedException {
          try {
            return reader[0].next();
          } catch (LogException.Trimmed trimmed) {
            reader[0].close();
            reader[0] = SkippingLog.super.read(trimmed.trimPoint());
            return reader[0].next();
          }
        }

        @Override
        public long position() {
          return reader[0].position();
        }

        @Override
        public void close() {
          reader[0].close();
        }
      };
    }
  }

  private static final class SplittingLog extends AnotherLog {
    SplittingLog(Log log) {
      super(log);
    }

    @Override
    public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
      if (records.size() == 1) {
        return super.append(records, precondition);
      }
      return super.append(records.subList(0, 1), precondition)
          .thenCompose(first ->
              super.append(records.subList(1, records.size()), precondition)
                  .thenApply(rest -> new Appended(first.first(), rest.next())));
    }
  }

  /// Gives answers to appends in the order in which they were sent, and forgets nobody who waits.
  private static final class ShiftedLog extends AnotherLog {
    private static final class Waiting {
      private final CompletableFuture<Appended> answer = new CompletableFuture<>();
    }

    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

    ShiftedLog(Log log) {
      super(log);
    }

    @Override
    public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
      var waiting = new Waiting();
      queue.add(waiting);
      var _ =
          super.append(records, precondition)
              .whenComplete((appended, failure) -> {
                Waiting first = queue.peek();
                if (failure == null && first != null) {
                  queue.remove();
                  first.answer.complete(appended);
                } else if (failure != null) {
                  Throwable cause = Failures.unwrap(failure);
                  waiting.answer.completeExceptionally(cause);
                  if (!(cause instanceof LogException.Indeterminate)) {
                    queue.remove(waiting);
                  }
                }
              });
      return waiting.answer;
    }
  }

  private static final class CachedTailLog extends AnotherLog {
    private final SimNode.Life life;
    private Tail cached = new Tail.Open(Log.START);
    private long cachedNanos = -1;

    CachedTailLog(Log log, SimNode.Life life) {
      super(log);
      this.life = life;
    }

    @Override
    public CompletableFuture<Tail> checkTail() {
      long now = life.node().clock().nanoTime();
      if (cachedNanos >= 0 && now - cachedNanos < 100_000_000) {
        return CompletableFuture.completedFuture(cached);
      }
      return super.checkTail()
          .thenApply(tail -> {
            cached = tail;
            cachedNanos = life.node().clock().nanoTime();
            return tail;
          });
    }
  }

  private static final class JoiningTailLog extends AnotherLog {
    private CompletableFuture<Tail> underWay =
        CompletableFuture.completedFuture(new Tail.Open(Log.START));
    private CompletableFuture<Tail> next = underWay;

    JoiningTailLog(Log log) {
      super(log);
    }

    // The tail that was asked for when the last answer came: whoever asks now rides on it.
    @Override
    public CompletableFuture<Tail> checkTail() {
      if (next.isDone()) {
        underWay = next;
        next = super.checkTail();
        return underWay.isCompletedExceptionally() ? next : underWay;
      }
      return next;
    }
  }

  /// Readers follow a copy in memory, which appends enter at once.
  private static final class EagerLog extends AnotherLog {
    private final MemoryLog copy;

    private EagerLog(Log log, MemoryLog copy) {
      super(log);
      this.copy = copy;
    }

    static Log over(Log log) {
      var copy = new MemoryLog(new UUID(0, 0));
      long tail = log.checkTail().join().position();
      try (var reader = log.read(Log.START)) {
        while (reader.position() < tail) {
          for (LogRecord record : reader.next()) {
            copy.append(List.of(record.payload()), Precondition.NONE).join();
          }
        }
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts", e);
      }
      return new EagerLog(log, copy);
    }

    @Override
    public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
      copy.append(records, precondition).join();
      return super.append(records, precondition);
    }

    @Override
    public LogReader read(long from) {
      return copy.read(from);
    }

    @Override
    public void close() {
      copy.close();
      super.close();
    }
  }

  private static final class OwnClockLog extends AnotherLog {
    private final SimNode.Life life;

    OwnClockLog(Log log, SimNode.Life life) {
      super(log);
      this.life = life;
    }

    @Override
    public LogReader read(long from) {
      LogReader reader = super.read(from);
      return new LogReader() {
        @Override
        public List<LogRecord> next() throws InterruptedException {
          return reader.next().stream().map(record -> stamped(record)).toList();
        }

        @Override
        public long position() {
          return reader.position();
        }

        @Override
        public void close() {
          reader.close();
        }
      };
    }

    private LogRecord stamped(LogRecord record) {
      Proposal proposal = ProposalCodec.decode(record.payload());
      var stamped =
          new Proposal(
              proposal.proposer(),
              proposal.ordinal(),
              proposal.requestId(),
              life.node().clock().wallMillis(),
              proposal.command());
      return new LogRecord(record.position(), ProposalCodec.encode(stamped));
    }
  }
}
