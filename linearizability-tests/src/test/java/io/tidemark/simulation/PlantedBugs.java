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
import io.tidemark.log.journal.Storage;
import io.tidemark.log.journal.StorageFile;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.ViewStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/// The bugs of logs, disks and views, each planted at a seam.
final class PlantedBugs {
  private PlantedBugs() {}

  /// A bug, and which rules are expected to find it.
  ///
  /// @param name its number in the plan
  /// @param what it does wrong
  /// @param rules the beginnings of the rules, any of which it must break
  record Bug(String name, String what, Plant plant, List<String> rules) {
    Bug(String name, String what, Plant plant, String... rules) {
      this(name, what, plant, List.of(rules));
    }
  }

  /// Every bug there is.
  static List<Bug> all() {
    var bugs = new ArrayList<Bug>();
    bugs.addAll(ofTheDisk());
    bugs.addAll(ofTheLog());
    bugs.addAll(ofTheView());
    bugs.addAll(PlantedAnswers.all());
    return List.copyOf(bugs);
  }

  private static List<Bug> ofTheDisk() {
    return List.of(
        new Bug(
            "M01",
            "acknowledges before the disk has it",
            onDisk(disk -> new BadDisk(disk, Badness.FORCES_NOTHING)),
            "I1",
            "I2",
            "I16"),
        new Bug(
            "M02",
            "does not make the names of new files durable",
            onDisk(disk -> new BadDisk(disk, Badness.SYNCS_NO_NAMES)),
            "I1",
            "I2",
            "I16",
            "strict serializability"),
        new Bug(
            "M03",
            "tries a failed force again and believes the second answer",
            onDisk(disk -> new BadDisk(disk, Badness.TRIES_AGAIN)),
            "I1",
            "I2",
            "I16"),
        new Bug(
            "M05",
            "cuts off the last record when it opens",
            onDisk(disk -> new BadDisk(disk, Badness.CUTS_THE_LAST)),
            "I1",
            "I2",
            "I16"));
  }

  private static List<Bug> ofTheLog() {
    return List.of(
        new Bug("M09", "appends again when the outcome is unknown", onLog(RetryingLog::new), "I3"),
        new Bug(
            "M15", "splits a batch", beneathLedger(SplittingLog::new), "contract of append", "I2"),
        new Bug(
            "M16",
            "reads without a tail check",
            onLog(log ->
                new TailLog(log) {
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
                new TailLog(log) {
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
            "blind"),
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
                return config.journal();
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
            "I5"),
        new Bug(
            "M30a",
            "tells an append of unknown outcome as one that failed",
            beneathLedger(log ->
                new TailLog(log) {
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

  private static List<Bug> ofTheView() {
    return List.of(
        new Bug(
            "M10",
            "sessions are not part of what survives a crash",
            onCrash(ViewStore.Crashes.SESSIONS_LOST),
            "I3",
            "I5",
            "I9"),
        new Bug(
            "M21",
            "data outlives a crash without its applied position",
            onCrash(ViewStore.Crashes.POSITION_LOST),
            "I4",
            "I5",
            "I9",
            "I10"),
        new Bug(
            "M22",
            "the applied position outlives a crash without its data",
            onCrash(ViewStore.Crashes.DATA_LOST),
            "I5",
            "I9",
            "I10"));
  }

  private static Plant onDisk(UnaryOperator<Storage> bad) {
    return new Plant() {
      @Override
      public Storage disk(Storage disk) {
        return bad.apply(disk);
      }

      @Override
      public boolean canShow(SwarmConfig config) {
        return config.journal();
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

  private static Plant onCrash(ViewStore.CrashRule rule) {
    return new Plant() {
      @Override
      public ViewStore.CrashRule crashRule() {
        return rule;
      }

      @Override
      public boolean canShow(SwarmConfig config) {
        return config.faults().contains(SwarmConfig.Fault.REPLICA_CRASH);
      }
    };
  }

  private enum Badness {
    FORCES_NOTHING,
    SYNCS_NO_NAMES,
    TRIES_AGAIN,
    CUTS_THE_LAST
  }

  private static final class BadDisk implements Storage {
    private final Storage disk;
    private final Badness badness;

    BadDisk(Storage disk, Badness badness) {
      this.disk = disk;
      this.badness = badness;
    }

    @Override
    public String name() {
      return disk.name();
    }

    @Override
    public List<String> list() throws IOException {
      return disk.list();
    }

    @Override
    public StorageFile create(String file) throws IOException {
      return new BadFile(disk.create(file), badness, false);
    }

    @Override
    public StorageFile open(String file) throws IOException {
      return new BadFile(disk.open(file), badness, file.endsWith(".seg"));
    }

    @Override
    public void rename(String from, String to) throws IOException {
      disk.rename(from, to);
    }

    @Override
    public void delete(String file) throws IOException {
      disk.delete(file);
    }

    @Override
    public void sync() throws IOException {
      if (badness != Badness.SYNCS_NO_NAMES) {
        disk.sync();
      }
    }

    @Override
    public void close() throws IOException {
      disk.close();
    }
  }

  private static final class BadFile implements StorageFile {
    private final StorageFile file;
    private final Badness badness;

    BadFile(StorageFile file, Badness badness, boolean opened) throws IOException {
      this.file = file;
      this.badness = badness;
      if (opened && badness == Badness.CUTS_THE_LAST) {
        cutTheLast();
      }
    }

    // The checksum of the last frame no longer fits, so that it looks torn.
    private void cutTheLast() throws IOException {
      ByteBuffer all = ByteBuffer.allocate((int) file.size());
      file.read(all, 0);
      for (int at = all.position() - 1; at >= 4096; at--) {
        if (all.get(at) != 0) {
          file.write(ByteBuffer.wrap(new byte[] {0}), at);
          return;
        }
      }
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      file.write(source, offset);
    }

    @Override
    public void read(ByteBuffer target, long offset) throws IOException {
      file.read(target, offset);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void force() throws IOException {
      switch (badness) {
        case FORCES_NOTHING -> {}
        case TRIES_AGAIN -> {
          try {
            file.force();
          } catch (IOException _) {
            file.force();
          }
        }
        case SYNCS_NO_NAMES, CUTS_THE_LAST -> file.force();
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /// A log like another one.
  abstract static class TailLog implements Log {
    private final Log log;

    TailLog(Log log) {
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

  private static final class RetryingLog extends TailLog {
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

  private static final class SplittingLog extends TailLog {
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

  private static final class CachedTailLog extends TailLog {
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

  private static final class JoiningTailLog extends TailLog {
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
  private static final class EagerLog extends TailLog {
    private final MemoryLog copy;

    private EagerLog(Log log, MemoryLog copy) {
      super(log);
      this.copy = copy;
    }

    static Log over(Log log) {
      var copy = new MemoryLog(new UUID(0, 0));
      long tail = log.checkTail().join().position();
      try (var reader = log.read(Log.START)) {
        for (long next = Log.START; next < tail; ) {
          for (LogRecord record : reader.next()) {
            next = record.position() + 1;
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

  private static final class OwnClockLog extends TailLog {
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
