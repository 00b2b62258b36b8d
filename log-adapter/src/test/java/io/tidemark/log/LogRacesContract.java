package io.tidemark.log;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.read;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.tail;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What every provider of a [Log] must do while many threads use it at once.
public abstract class LogRacesContract extends LogFixture {
  private static final int THREADS = 6;

  @Test
  void manyAppendersAndReadersSeeOneOrderOfWholeBatches() throws Exception {
    var audit = new LogAudit();
    List<CompletableFuture<List<LogRecord>>> readers = new ArrayList<>();
    int batches = THREADS * 60;
    int records = THREADS * 60 * 2;
    for (int i = 0; i < THREADS; i++) {
      readers.add(inThread(() -> take(records)));
    }
    inThreads(thread -> {
      for (int i = 0; i < 60; i++) {
        await(audit.append(log, thread + "-" + i, 1 + (i + thread) % 3, Precondition.NONE));
      }
    });

    List<LogRecord> all = readToTail(log, first());
    audit.check(all);
    assertThat(audit.count("Appended")).isEqualTo(batches);
    for (var reader : readers) {
      assertThat(await(reader)).isEqualTo(all.subList(0, records));
    }
  }

  @Test
  void appendsInFlightEndAsTheyAreReported() throws Exception {
    var audit = new LogAudit();
    inThreads(thread -> {
      var random = new Random(thread);
      for (int i = 0; i < 200; i++) {
        Precondition precondition =
            random.nextInt(4) == 0 ? new Precondition.ExpectedTail(tail(log)) : Precondition.NONE;
        audit.send(log, thread + "-" + i, 1 + random.nextInt(4), precondition);
      }
    });

    audit.settle();
    audit.check(readToTail(log, first()));
    assertThat(audit.count("Appended")).isPositive();
  }

  @Test
  void aTailCheckSeesWhateverWasAcknowledgedBeforeItBegan() throws Exception {
    var acknowledged = new AtomicLong(first());
    inThreads(thread -> {
      for (int i = 0; i < 200; i++) {
        if (thread % 2 == 0) {
          long next = append(log, "r").next();
          acknowledged.accumulateAndGet(next, Math::max);
        } else {
          long before = acknowledged.get();
          assertThat(tail(log)).isGreaterThanOrEqualTo(before);
        }
      }
    });
  }

  @Test
  void whatATailCheckCountsCanBeRead() throws Exception {
    inThreads(thread -> {
      for (int i = 0; i < 50; i++) {
        if (thread % 2 == 0) {
          append(log, thread + "-" + i);
        } else {
          long tail = tail(log);
          assertThat(read(log, first(), tail)).allMatch(kept -> kept.position() < tail);
        }
      }
    });
  }

  @Test
  void oneOfManyRivalsWinsAnExpectedTail() throws Exception {
    var wins = new AtomicLong();
    for (int round = 0; round < 20; round++) {
      var expected = new Precondition.ExpectedTail(tail(log));
      inThreads(thread -> {
        try {
          await(log.append(batch("rival" + thread), expected));
          wins.incrementAndGet();
        } catch (LogException.TailMismatch lost) {
          assertThat(lost.actual()).isGreaterThan(expected.position());
        }
      });
    }

    assertThat(wins).hasValue(20);
    assertThat(readToTail(log, first())).hasSize(20);
  }

  @Test
  void nothingIsAcknowledgedBeyondTheSeal() throws Exception {
    var audit = new LogAudit();
    var sealed = new AtomicLong();
    inThreads(thread -> {
      for (int i = 0; i < 100; i++) {
        audit.send(log, thread + "-" + i, 2, Precondition.NONE);
        if (thread == 0 && i == 50) {
          sealed.set(await(log.seal()).position());
        }
      }
    });

    assertThat(await(log.checkTail())).isEqualTo(new Tail.Sealed(sealed.get()));
    List<LogRecord> all = read(log, first(), sealed.get());
    audit.check(all);
    assertThat(audit.count("Sealed")).isGreaterThanOrEqualTo(49);
  }

  @Test
  void afterAFenceIsInForceNoOlderOwnerGetsIn() throws Exception {
    var fencedAt = new AtomicLong(Long.MAX_VALUE);
    var fenced = new AtomicBoolean();
    inThreads(thread -> {
      for (int i = 0; i < 100; i++) {
        boolean late = fenced.get();
        var old = log.append(batch("old" + thread + "-" + i), Precondition.NONE);
        if (late) {
          failure(old, LogException.Fenced.class);
        }
        if (thread == 0 && i == 50) {
          await(log.fence(Bytes.utf8("new")));
          fencedAt.set(tail(log));
          fenced.set(true);
        }
      }
    });

    var owner = new Precondition.FencingToken(Bytes.utf8("new"));
    Appended mine = await(log.append(batch("new"), owner));
    assertThat(mine.first()).isEqualTo(fencedAt.get());
    assertThat(readToTail(log, fencedAt.get())).hasSize(1);
  }

  @Test
  void whatMeetsAFullQueueLeavesNoTrace() throws Exception {
    var audit = new LogAudit();
    inThreads(thread -> {
      for (int i = 0; i < 3_000; i++) {
        audit.send(log, thread + "-" + i, 1, Precondition.NONE);
      }
    });

    audit.settle();
    audit.check(readToTail(log, first()));
    assertThat(audit.count("Appended")).isPositive();
    if (overloads()) {
      assertThat(audit.count("Overloaded")).isPositive();
    }
  }

  @Test
  void aCloseUnderLoadLeavesNoFutureBehindAndLosesNothing() throws Exception {
    var audit = new LogAudit();
    inThreads(thread -> {
      for (int i = 0; i < 200; i++) {
        audit.send(log, thread + "-" + i, 1, Precondition.NONE);
        if (thread == 0 && i == 100) {
          log.close();
        }
      }
    });

    assertThat(audit.count("Closed")).isGreaterThanOrEqualTo(99);
    if (survivesClose()) {
      log = reopen();
      audit.check(readToTail(log, first()));
    }
  }

  @Test
  void aTrimUnderReadersCutsNoneOfThemShortUnnoticed() throws Exception {
    List<LogRecord> all = fill();
    inThreads(thread -> {
      long place = first();
      for (int i = 1; i <= 20; i++) {
        if (thread == 0) {
          await(log.trim(all.get(15 * i).position()));
        } else {
          place = readFrom(place, all);
        }
      }
    });
  }

  private long readFrom(long from, List<LogRecord> all) throws InterruptedException {
    try (LogReader reader = log.read(from)) {
      List<LogRecord> next = reader.next();
      int at = all.indexOf(next.getFirst());
      assertThat(all.get(at).position()).isEqualTo(from);
      assertThat(next).isEqualTo(all.subList(at, at + next.size()));
      return next.getFirst().position();
    } catch (LogException.Trimmed gap) {
      assertThat(gap.trimPoint()).isGreaterThan(from);
      return gap.trimPoint();
    }
  }

  private List<LogRecord> take(int count) throws InterruptedException {
    var records = new ArrayList<LogRecord>();
    try (LogReader reader = log.read(first())) {
      while (records.size() < count) {
        records.addAll(reader.next());
      }
    }
    return List.copyOf(records.subList(0, count));
  }

  private interface Body {
    void run(int thread) throws Exception;
  }

  private static void inThreads(Body body) throws Exception {
    List<CompletableFuture<Boolean>> ends = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      ends.add(
          inThread(() -> {
            body.run(thread);
            return true;
          }));
    }
    for (var end : ends) {
      await(end);
    }
  }
}
