package io.tidemark.log.s3;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.texts;
import static io.tidemark.log.s3.FakeStore.gets;
import static io.tidemark.log.s3.FakeStore.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogExistsException;
import io.tidemark.log.Precondition;
import io.tidemark.log.s3.FakeStore.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is looked at before a log is used, and what damage looks like.
@Timeout(60)
class OpeningTest {
  private final FakeStore store = new FakeStore(Runnable::run);
  private final ManualTime time = new ManualTime();

  private Log open(int process) {
    return SlotLog.open(store.as("p" + process), time.config(process));
  }

  private Log create(int process, long first) {
    return SlotLog.create(store.as("p" + process), time.config(process), first);
  }

  @Test
  void whoeverOpensAStoreSecondFindsTheSameLog() {
    var first = open(1).describe().join();

    assertThat(open(2).describe().join().id()).isEqualTo(first.id());
    assertThat(store.keys()).containsExactly(Names.IDENTITY);
  }

  @Test
  void anIdentityWhoseReplyWasLostIsTheLogsAllTheSame() {
    store.next(puts(Names.IDENTITY), Fate.REPLY_LOST);
    store.next(puts(Names.IDENTITY), Fate.LOST);
    var id = open(1).describe().join().id();

    assertThat(open(2).describe().join().id()).isEqualTo(id);
  }

  @Test
  void aLogIsCreatedOnceAndWhoeverOpensItFindsIt() {
    store.next(puts(Names.IDENTITY), Fate.REPLY_LOST);
    Log log = create(1, Positions.of(9) - 1);
    append(log, "a");

    assertThat(log.describe().join().trimPoint()).isEqualTo(Positions.of(9));
    assertThat(texts(readToTail(open(2), Positions.of(9)))).containsExactly("a");
    assertThatThrownBy(() -> create(3, 1))
        .isInstanceOf(LogExistsException.class)
        .hasMessageContaining("there is a log in a fake store already");
    assertThat(open(4).describe().join()).isEqualTo(log.describe().join());
  }

  @Test
  void ofManyWhoCreateALogAtOnceOneDoesAndTheOthersAreTold() throws Exception {
    try (var network = Executors.newSingleThreadExecutor();
        var threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 10; round++) {
        var shared = new FakeStore(network);
        var begun = new ArrayList<Future<Long>>();
        for (int process = 1; process <= 4; process++) {
          int me = process;
          begun.add(
              threads.submit(() -> {
                var config = new ManualTime().config(me);
                try (Log log = SlotLog.create(shared.as("p"), config, Positions.of(me))) {
                  return log.describe().join().trimPoint();
                } catch (LogExistsException _) {
                  return 0L;
                }
              }));
        }
        var firsts = new ArrayList<Long>();
        for (Future<Long> one : begun) {
          firsts.add(one.get());
        }
        firsts.removeIf(first -> first == 0);
        assertThat(firsts).hasSize(1);
        try (Log log = SlotLog.open(shared.as("q"), time.config(9))) {
          assertThat(log.describe().join().trimPoint()).isEqualTo(firsts.getFirst());
        }
      }
    }
  }

  @Test
  void aStoreThatLetsSeveralWinIsRefused() {
    store.breakPutIfAbsent();

    assertThatThrownBy(() -> open(1))
        .isInstanceOf(LogException.Unavailable.class)
        .hasMessageContaining("is not fit to keep a log: of 4 writers")
        .hasMessageContaining("If-None-Match");
    assertThat(store.keys()).noneMatch(key -> key.startsWith(Names.SLOTS));
  }

  @Test
  void aStoreThatForgetsOrSaysNoToEverybodyIsRefused() {
    for (int tries = 0; tries < Fetch.TRIES_MAX; tries++) {
      store.next(gets(Names.PROBES), Fate.DAMAGED);
    }

    assertThatThrownBy(() -> open(1)).hasMessageContaining("does not give back the object");
  }

  @Test
  void aRefusalAtTheStartSaysWhy() {
    store.next(gets(Names.IDENTITY), Fate.REFUSED);

    assertThatThrownBy(() -> open(1))
        .isInstanceOf(LogException.Unavailable.class)
        .hasMessage("reading the log's identity in a fake store failed: no permission");
  }

  @Test
  void whatIsNoLogOrAnotherFormatOrDamagedIsRefusedByName() {
    store.put(Names.IDENTITY, Bytes.utf8("something else"));
    assertThatThrownBy(() -> open(1))
        .isInstanceOf(LogException.Corrupt.class)
        .hasMessage("object LOG in a fake store: it was not made by a log");

    store.remove(Names.IDENTITY);
    open(1);
    byte[] newer = store.object(Names.IDENTITY).orElseThrow().toArray();
    newer[7] = 9;
    store.put(Names.IDENTITY, Bytes.wrap(newer));
    assertThatThrownBy(() -> open(1)).hasMessageContaining("its format is 9, known here is 1");
  }

  @Test
  void aSlotOfAnotherLogIsRefused() {
    Log log = open(1);
    append(log, "a");
    append(log, "b");
    var other = new FakeStore(Runnable::run);
    append(SlotLog.open(other.as("x"), time.config(7)), "not mine");
    store.put(Names.slot(1), other.object(Names.slot(0)).orElseThrow());

    assertThatThrownBy(() -> open(2))
        .isInstanceOf(LogException.Corrupt.class)
        .hasMessageContaining(Names.slot(1))
        .hasMessageContaining("objects were copied or mixed up");
  }

  @Test
  void damageOnTheWayIsReadAgainAndDamageThatStaysIsTold() {
    append(open(1), "a");
    Log log = SlotLog.open(store.as("p"), time.config(2));
    append(log, "b");
    store.next(gets(Names.slot(1)), Fate.DAMAGED);
    Log again = SlotLog.open(store.as("p"), time.config(3));
    assertThat(texts(readToTail(again, Log.START))).containsExactly("a", "b");

    byte[] damaged = store.object(Names.slot(1)).orElseThrow().toArray();
    damaged[20] ^= 4;
    store.put(Names.slot(1), Bytes.wrap(damaged));
    assertThatThrownBy(() -> open(4))
        .isInstanceOf(LogException.Corrupt.class)
        .hasMessageContaining("its checksum is wrong");
  }

  @Test
  void theTailOfALongLogIsFoundWithFewRequests() {
    Log log = open(1);
    for (int i = 0; i < 5_000; i++) {
      append(log, "r" + i);
    }
    long before = store.count("GET");
    Log late = open(2);

    assertThat(late.checkTail().join().position()).isEqualTo(Positions.of(5_000));
    assertThat(store.count("GET") - before).isLessThan(60);
    assertThat(texts(readToTail(late, Positions.of(4_998)))).containsExactly("r4998", "r4999");
  }

  @Test
  void aStoreThatDoesNotAnswerYetIsWaitedForAndNotForEver() {
    for (int i = 0; i < 1_000; i++) {
      store.next(gets(Names.IDENTITY), Fate.LOST);
    }
    // Time passes whenever somebody waits for it.
    var passing =
        new ManualTime() {
          @Override
          public Timer after(Duration delay, Runnable task) {
            if (delay.compareTo(Duration.ofSeconds(1)) < 0) {
              pass(delay);
              task.run();
              return () -> {};
            }
            return super.after(delay, task);
          }
        };

    assertThatThrownBy(() -> SlotLog.open(store.as("p"), passing.config(1)))
        .isInstanceOf(LogException.Unavailable.class)
        .hasMessageContaining("no reply");
  }

  @Test
  void afterCloseEverythingSaysSo() {
    Log log = open(1);
    log.close();

    failure(log.append(batch("x"), Precondition.NONE), LogException.Closed.class);
  }
}
