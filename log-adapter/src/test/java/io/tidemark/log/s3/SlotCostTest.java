package io.tidemark.log.s3;

import static io.tidemark.log.LogCalls.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogCost;
import io.tidemark.log.LogCost.Kind;
import io.tidemark.log.LogCost.Purpose;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import io.tidemark.log.s3.FakeStore.Fate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a log costs, and how it keeps to a budget. The store answers at once, on the test's thread.
@Timeout(60)
class SlotCostTest {
  private static final Duration DELAY_MAX = Duration.ofSeconds(2);
  private static final Duration TICK = Duration.ofMillis(10);

  /// Never enough: whoever can wait waits for the whole delay.
  private static final double NOTHING = 1e-9;

  private final FakeStore store = new FakeStore(Runnable::run);
  private final ManualTime time = new ManualTime();

  private Log open(double dollarsPerHour) {
    return open(Optional.of(new Budget(dollarsPerHour, DELAY_MAX)));
  }

  private Log open(Optional<Budget> budget) {
    return SlotLog.open(store.as("a"), time.config(1).withCost(Prices.STANDARD, budget));
  }

  private static LogCost cost(Log log) {
    return log.cost().orElseThrow();
  }

  private static long requests(Log log, Purpose purpose) {
    return cost(log).lines().stream()
        .filter(line -> line.purpose() == purpose)
        .mapToLong(line -> line.count().requests())
        .sum();
  }

  private static CompletableFuture<Appended> send(Log log, String text) {
    return log.append(batch(text), Precondition.NONE);
  }

  @Test
  void everyRequestIsCountedByKindAndByWhatItIsFor() {
    Log log = open(Optional.empty());
    store.next(FakeStore.puts("slots/"), Fate.REPLY_LOST);
    store.next(FakeStore.puts("slots/"), Fate.SLOW_DOWN);
    var first = send(log, "first");
    time.pass(Duration.ofSeconds(1));
    send(log, "second").join();
    log.checkTail().join();
    log.trim(Positions.of(1)).join();
    time.pass(Duration.ofHours(2));

    assertThat(first).isCompleted();
    LogCost cost = cost(log);
    for (Kind kind : Kind.values()) {
      assertThat(cost.sum(kind, LogCost.Count::requests))
          .as(kind.name())
          .isEqualTo(store.count(kind.name()));
    }
    assertThat(cost.lines())
        .filteredOn(line -> line.purpose() == Purpose.APPEND && line.kind() == Kind.PUT)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.count().requests()).isEqualTo(4);
          assertThat(line.count().missed()).isEqualTo(1);
          assertThat(line.count().failed()).isEqualTo(2);
          assertThat(line.count().throttled()).isEqualTo(1);
          assertThat(line.count().bytesSent()).isGreaterThan(4L * "first".length());
          assertThat(line.dollars()).isCloseTo(4 * 5e-6, within(1e-12));
        });
    assertThat(requests(log, Purpose.TAIL)).isEqualTo(1);
    assertThat(cost.dollars(Purpose.TAIL)).isCloseTo(4e-7, within(1e-12));
    assertThat(cost.recordsAppended()).isEqualTo(2);
    assertThat(cost.dollars())
        .isCloseTo(
            store.count("PUT") * 5e-6 + store.count("GET") * 4e-7 + store.count("LIST") * 5e-6,
            within(1e-12));
    assertThat(cost.budgetDollarsPerHour()).isEmpty();
  }

  /// One append every 10 ms for 10 minutes.
  private void load(Log log) {
    List<Long> asked = new ArrayList<>();
    List<CompletableFuture<Appended>> appends = new ArrayList<>();
    ArrayDeque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < 60_000; i++) {
      asked.add(time.nanoTime());
      appends.add(send(log, "x"));
      open.add(i);
      time.pass(TICK);
      while (!open.isEmpty() && appends.get(open.element()).isDone()) {
        open.remove();
      }
      if (!open.isEmpty()) {
        assertThat(time.nanoTime() - asked.get(open.element()))
            .as("how long an append waited")
            .isLessThanOrEqualTo(DELAY_MAX.plus(TICK).toNanos());
      }
    }
    time.pass(DELAY_MAX);
    assertThat(appends)
        .allSatisfy(append -> {
          assertThat(append).isCompleted();
        });
    assertThat(cost(log).recordsAppended()).isEqualTo(60_000);
  }

  @Test
  void writesGatherSoThatTheBudgetIsKept() {
    // Room for a PUT every half second; 100 appends a second come.
    Log log = open(0.036);
    double opened = cost(log).dollars();
    long began = time.nanoTime();
    load(log);

    double hours = (time.nanoTime() - began) / 3.6e12;
    assertThat(cost(log).dollars()).isLessThanOrEqualTo(0.036 * (hours + 1 / 60.0) + 5e-6);
    // It is used, too.
    assertThat(cost(log).dollars() - opened).isGreaterThan(0.036 * hours * 0.9);
    assertThat(cost(log).budgetDollarsPerHour()).hasValue(0.036);
  }

  @Test
  void withoutABudgetEveryAppendIsSentAtOnce() {
    Log log = open(Optional.empty());
    load(log);
    assertThat(cost(log).dollars()).isGreaterThan(60_000 * 5e-6);
  }

  @Test
  void aBudgetThatCannotBeKeptRefusesNothingAndDelaysNoMoreThanItMay() {
    Log log = open(NOTHING);
    load(log);
    // What comes within the delay shares a request.
    assertThat(requests(log, Purpose.APPEND)).isBetween(290L, 310L);
  }

  @Test
  void whileThereIsMoneyNobodyWaits() {
    Log log = open(1);
    assertThat(send(log, "x")).isCompleted();
    assertThat(log.checkTail()).isCompleted();
  }

  @Test
  void aFullObjectIsNotHeldBack() {
    Log log =
        SlotLog.open(
            store.as("a"),
            time.config(1)
                .withLimits(10, 10, 10)
                .withCost(Prices.STANDARD, Optional.of(new Budget(NOTHING, DELAY_MAX))));
    var half = send(log, "12345");
    assertThat(half).isNotDone();
    var full = send(log, "67890");
    assertThat(half).isCompleted();
    assertThat(full).isCompleted();
  }

  @Test
  void whoLostASlotIsNotHeldBackAgain() {
    Log log = open(NOTHING);
    Log rival = SlotLog.open(store.as("b"), new ManualTime().config(2));
    send(rival, "one").join();
    send(rival, "two").join();
    var append = send(log, "x");
    time.pass(DELAY_MAX.minusNanos(1));
    assertThat(append).isNotDone();
    time.pass(Duration.ofNanos(1));
    assertThat(append).isCompleted();
    assertThat(Positions.slot(append.join().first())).isEqualTo(2);
  }

  @Test
  void strongReadsWaitTogetherAndSeeWhatWasAcknowledgedMeanwhile() {
    Log log = open(NOTHING);
    Log rival = SlotLog.open(store.as("b"), new ManualTime().config(2));
    List<CompletableFuture<Tail>> checks = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long before = send(rival, "x").join().next();
      var check =
          log.checkTail()
              .thenApply(tail -> {
                assertThat(tail.position()).isGreaterThanOrEqualTo(before);
                return tail;
              });
      checks.add(check);
      assertThat(check).as("the first of them waits").isNotDone();
      time.pass(TICK.minusNanos(1));
    }
    assertThat(checks).noneMatch(CompletableFuture::isDone);
    time.pass(Duration.ofNanos(200));
    assertThat(checks).allSatisfy(check -> assertThat(check).isCompleted());
    // One for each of the rival's slots, and one that is not there.
    assertThat(requests(log, Purpose.TAIL)).isEqualTo(201);
  }

  @Test
  void strongReadsKeepToTheBudget() {
    // Room for two GETs a second; 100 reads a second come.
    double budget = 2 * 4e-7 * 3_600;
    Log log = open(budget);
    time.pass(Governor.DEBT_MAX);
    double opened = cost(log).dollars();
    for (int i = 0; i < 60_000; i++) {
      var _ = log.checkTail();
      time.pass(TICK);
    }
    assertThat(cost(log).dollars() - opened).isLessThan(budget * (600 + 60 + 1) / 3_600);
    assertThat(requests(log, Purpose.TAIL)).isBetween(1_200L, 1_400L);
  }

  @Test
  void aWriterThatMustKnowTheTailDoesNotWaitForReaders() {
    Log log = open(NOTHING);
    var check = log.checkTail();
    var append = log.append(batch("x"), new Precondition.ExpectedTail(Positions.of(7)));
    time.pass(DELAY_MAX.minusNanos(1));
    assertThat(check).isNotDone();
    time.pass(Duration.ofNanos(1));
    assertThat(append).isCompletedExceptionally();
    assertThat(check).isCompleted();
  }

  @Test
  void whoFollowsTheLogLooksMoreSeldom() throws Exception {
    long unbounded = polls(open(Optional.empty()));
    // A GET every four seconds.
    long bounded = polls(open(900 * 4e-7));

    assertThat(unbounded).isBetween(500L, 620L);
    // No poll is put off for more than the delay: one comes every three seconds at least.
    assertThat(bounded).isBetween(200L, 230L);
  }

  /// How often it looks in 10 minutes in which nothing happens.
  private long polls(Log log) throws InterruptedException {
    time.pass(Governor.DEBT_MAX);
    LogReader reader = log.read(Log.START);
    var following =
        Thread.ofVirtual()
            .unstarted(() -> {
              try {
                reader.next();
              } catch (LogException.Closed | InterruptedException over) {
                // The test is over.
              }
            });
    following.start();
    while (following.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    time.pass(Duration.ofMinutes(10));
    long before = requests(log, Purpose.FOLLOW);
    time.pass(Duration.ofMinutes(10));
    long polls = requests(log, Purpose.FOLLOW) - before;
    reader.close();
    following.join();
    return polls;
  }

  @Test
  void whoWaitsWhenTheLogIsClosedIsToldSo() {
    Log log = open(NOTHING);
    var check = log.checkTail();
    var append = send(log, "x");
    log.close();

    assertThat(check).isCompletedExceptionally();
    assertThat(append).isCompletedExceptionally();
    assertThat(check.exceptionNow()).isInstanceOf(LogException.Closed.class);
    assertThat(append.exceptionNow()).isInstanceOf(LogException.Closed.class);
    assertThat(cost(log).recordsAppended()).isZero();
  }
}
