package io.tidemark.log;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.next;
import static io.tidemark.log.LogCalls.read;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.tail;
import static io.tidemark.log.LogCalls.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every provider of a [Log] must do. A provider's test extends this and says how to open one.
///
/// The suite knows nothing but the contract: positions may have gaps, a trim may do less than it
/// was asked, and a log may be open in other places. What it inherits is about concurrency.
public abstract class LogContract extends LogRacesContract {
  // Order, adjacency, the tail.

  @Test
  void aFreshLogIsEmptyAndOpenAndHasAName() {
    LogInfo info = await(log.describe());

    assertThat(info.trimPoint()).isEqualTo(first());
    assertThat(await(log.checkTail())).isEqualTo(new Tail.Open(first()));
    assertThat(await(log.describe()).id()).isEqualTo(info.id());
  }

  @Test
  void whatLiesBeforeALogThatBeginsFurtherOnIsTrimmed() throws Exception {
    assumeTrue(first() > Log.START, "a log that begins further on");
    append(log, "a");
    for (long before : new long[] {Log.START, first() / 2, first() - 1}) {
      try (LogReader reader = log.read(before)) {
        assertThatThrownBy(reader::next)
            .isInstanceOfSatisfying(
                LogException.Trimmed.class,
                told -> assertThat(told.trimPoint()).isEqualTo(first()));
      }
    }
    assertThat(await(log.trim(first() - 1))).isEqualTo(first());
    assertThat(texts(readToTail(log, first()))).containsExactly("a");
  }

  @Test
  void recordsComeBackInOrderWithThePositionsThatWereAcknowledged() {
    Appended one = append(log, "a");
    Appended two = append(log, "b", "c");

    List<LogRecord> records = readToTail(log, first());
    assertThat(texts(records)).containsExactly("a", "b", "c");
    assertThat(records.get(0).position()).isEqualTo(one.first());
    assertThat(records.get(1).position()).isEqualTo(two.first()).isGreaterThanOrEqualTo(one.next());
    assertThat(records.get(2).position()).isEqualTo(two.first() + 1).isLessThan(two.next());
  }

  @Test
  void theTailLiesBehindEveryAcknowledgedAppend() {
    for (int i = 0; i < 50; i++) {
      Appended appended = append(log, "r" + i);
      assertThat(tail(log)).isGreaterThanOrEqualTo(appended.next());
    }
  }

  @Test
  void appendsOfOneThreadEnterInTheOrderOfTheCalls() {
    List<CompletableFuture<Appended>> futures = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      futures.add(log.append(batch("r" + i), Precondition.NONE));
    }
    futures.forEach(LogCalls::await);

    List<String> expected = IntStream.range(0, 300).mapToObj(i -> "r" + i).toList();
    assertThat(texts(readToTail(log, first()))).isEqualTo(expected);
  }

  @Test
  void anyBytesComeBackAsTheyWere() {
    var random = new Random(11);
    List<Bytes> payloads = new ArrayList<>(List.of(Bytes.EMPTY));
    for (int length : new int[] {1, 7, 8, 9, 511, 512, 513, 4_096, 70_000}) {
      byte[] payload = new byte[length];
      random.nextBytes(payload);
      payloads.add(Bytes.wrap(payload));
      payloads.add(Bytes.wrap(new byte[length]));
    }
    await(log.append(payloads, Precondition.NONE));
    payloads.forEach(payload -> await(log.append(List.of(payload), Precondition.NONE)));

    List<Bytes> twice = new ArrayList<>(payloads);
    twice.addAll(payloads);
    assertThat(readToTail(log, first()).stream().map(LogRecord::payload)).isEqualTo(twice);
  }

  // Limits.

  @Test
  void theLargestRecordAndTheLargestBatchAreTaken() {
    LogInfo info = await(log.describe());
    byte[] largest = new byte[info.recordBytesMax()];
    new Random(3).nextBytes(largest);
    Bytes rest = Bytes.wrap(new byte[info.batchBytesMax() - largest.length]);
    assumeTrue(rest.length() <= info.recordBytesMax(), "two records make a largest batch");

    await(log.append(List.of(Bytes.wrap(largest), rest), Precondition.NONE));

    List<LogRecord> records = readToTail(log, first());
    assertThat(records.get(0).payload()).isEqualTo(Bytes.wrap(largest));
    assertThat(records.get(1).payload()).isEqualTo(rest);
  }

  @Test
  void whatIsTooLargeIsRefusedAndChangesNothing() {
    LogInfo info = await(log.describe());
    Bytes record = Bytes.wrap(new byte[info.recordBytesMax() + 1]);
    Bytes half = Bytes.wrap(new byte[info.batchBytesMax() / 2]);

    failure(log.append(List.of(record), Precondition.NONE), LogException.TooLarge.class);
    failure(
        log.append(List.of(half, half, Bytes.wrap(new byte[2])), Precondition.NONE),
        LogException.TooLarge.class);
    failure(
        log.fence(Bytes.wrap(new byte[LogInfo.FENCING_TOKEN_BYTES_MAX + 1])),
        LogException.TooLarge.class);
    append(log, "small");

    assertThat(texts(readToTail(log, first()))).containsExactly("small");
  }

  @Test
  void anEmptyBatchAndAPlaceBeforeTheLogAreMistakesOfTheCaller() {
    assertThatThrownBy(() -> log.append(List.of(), Precondition.NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log.read(0)).isInstanceOf(IllegalArgumentException.class);
  }

  // Readers.

  @Test
  void aReaderResumesAnywhere() {
    for (int i = 0; i < 40; i++) {
      append(log, "r" + i, "s" + i, "t" + i);
    }
    List<LogRecord> all = readToTail(log, first());

    for (int i = 0; i < all.size(); i++) {
      assertThat(readToTail(log, all.get(i).position())).isEqualTo(all.subList(i, all.size()));
    }
  }

  @Test
  void aReaderWaitsAtTheTailForMore() throws Exception {
    append(log, "a");
    try (LogReader reader = log.read(tail(log))) {
      var read = inThread(reader::next);
      append(log, "b");

      assertThat(texts(await(read))).containsExactly("b");
    }
  }

  @Test
  void aReaderThatHasReturnedEverythingStandsAtTheTail() {
    append(log, "a", "b");
    append(log, "c");
    long tail = tail(log);
    try (LogReader reader = log.read(first());
        LogReader ahead = log.read(tail)) {
      assertThat(reader.position()).isEqualTo(first());
      var all = new ArrayList<LogRecord>();
      while (all.size() < 3) {
        all.addAll(next(reader));
        assertThat(all.getLast().position()).isLessThan(reader.position());
      }

      assertThat(reader.position()).isEqualTo(tail);
      assertThat(ahead.position()).isEqualTo(tail);
    }
  }

  @Test
  void aReaderBeyondTheTailGetsTheRecordItAskedForAndNoneBefore() throws Exception {
    append(log, "a");
    long tail = tail(log);
    try (LogReader reader = log.read(tail + 2)) {
      var read = inThread(reader::next);
      await(log.append(batch("b", "c", "d"), new Precondition.ExpectedTail(tail)));

      assertThat(texts(await(read))).containsExactly("d");
    }
  }

  @Test
  void aReaderThatIsClosedWhileItWaitsIsTold() throws Exception {
    LogReader reader = log.read(first());
    var read = inThread(reader::next);
    reader.close();

    failure(read, LogException.Closed.class);
    assertThatThrownBy(reader::next).isInstanceOf(LogException.Closed.class);
    append(log, "others go on");
  }

  @Test
  void aReaderThatIsInterruptedWhileItWaitsKeepsItsPlace() throws Exception {
    try (LogReader reader = log.read(first())) {
      var outcome = new CompletableFuture<Boolean>();
      Thread waiting =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  reader.next();
                  outcome.complete(false);
                } catch (InterruptedException _) {
                  outcome.complete(true);
                }
              });
      waiting.interrupt();
      assertThat(await(outcome)).isTrue();
      append(log, "a");

      assertThat(texts(next(reader))).containsExactly("a");
    }
  }

  // Preconditions.

  @Test
  void anExpectedTailPlacesTheBatchThereOrNowhere() {
    Appended first = append(log, "a");
    var expected = new Precondition.ExpectedTail(first.next());

    assertThat(await(log.append(batch("b", "c"), expected)).first()).isEqualTo(first.next());
    var late = failure(log.append(batch("d"), expected), LogException.TailMismatch.class);

    assertThat(late.actual()).isEqualTo(tail(log));
    assertThat(late.side()).isEqualTo(LogException.Side.NOT_APPENDED);
    assertThat(texts(readToTail(log, first()))).containsExactly("a", "b", "c");
  }

  @Test
  void anExpectedTailBeyondTheTailIsAMismatchToo() {
    var beyond = new Precondition.ExpectedTail(first() + 1);

    failure(log.append(batch("a"), beyond), LogException.TailMismatch.class);
    append(log, "b");

    assertThat(texts(readToTail(log, first()))).containsExactly("b");
  }

  @Test
  void expectedTailsAreDecidedInTheOrderOfTheCalls() {
    var expected = new Precondition.ExpectedTail(tail(log));
    var one = log.append(batch("a", "b"), expected);
    var two = log.append(batch("c"), expected);
    long told = failure(two, LogException.TailMismatch.class).actual();

    assertThat(await(one).first()).isEqualTo(expected.position());
    assertThat(told).isEqualTo(tail(log));
    await(log.append(batch("d"), new Precondition.ExpectedTail(told)));
    assertThat(texts(readToTail(log, first()))).containsExactly("a", "b", "d");
  }

  @Test
  void aFencedLogTakesOnlyAppendsThatCarryItsToken() {
    append(log, "a");
    await(log.fence(Bytes.utf8("new owner")));
    var owner = new Precondition.FencingToken(Bytes.utf8("new owner"));
    var older = new Precondition.FencingToken(Bytes.utf8("old owner"));
    var tail = new Precondition.ExpectedTail(tail(log));

    failure(log.append(batch("x"), Precondition.NONE), LogException.Fenced.class);
    failure(log.append(batch("x"), tail), LogException.Fenced.class);
    failure(log.append(batch("x"), older), LogException.Fenced.class);
    await(log.append(batch("b"), owner));

    assertThat(texts(readToTail(log, first()))).containsExactly("a", "b");
  }

  @Test
  void aNewerFenceReplacesTheOlderAndTheEmptyTokenLiftsIt() {
    var one = new Precondition.FencingToken(Bytes.utf8("1"));
    var two = new Precondition.FencingToken(Bytes.utf8("2"));
    failure(log.append(batch("x"), one), LogException.Fenced.class);
    await(log.fence(Bytes.utf8("1")));
    await(log.append(batch("a"), one));
    await(log.fence(Bytes.utf8("2")));
    failure(log.append(batch("x"), one), LogException.Fenced.class);
    await(log.append(batch("b"), two));
    await(log.fence(Bytes.EMPTY));

    append(log, "c");
    await(log.append(batch("d"), new Precondition.FencingToken(Bytes.EMPTY)));
    failure(log.append(batch("x"), two), LogException.Fenced.class);
    assertThat(texts(readToTail(log, first()))).containsExactly("a", "b", "c", "d");
  }

  // The end.

  @Test
  void aSealedLogHasAFinalTailAndTakesNothing() {
    append(log, "a");
    long tail = tail(log);
    Tail.Sealed sealed = await(log.seal());

    assertThat(sealed.position()).isEqualTo(tail);
    var refused = failure(log.append(batch("b"), Precondition.NONE), LogException.Sealed.class);
    assertThat(refused.tail()).isEqualTo(sealed.position());
    failure(log.fence(Bytes.utf8("late")), LogException.Sealed.class);
    assertThat(await(log.seal())).isEqualTo(sealed);
    assertThat(await(log.checkTail())).isEqualTo(sealed);
  }

  @Test
  void aReaderOfASealedLogGetsEverythingAndThenItsEnd() throws Exception {
    append(log, "a");
    try (LogReader ahead = log.read(tail(log));
        LogReader behind = log.read(first())) {
      var waiting = inThread(ahead::next);
      await(log.seal());

      failure(waiting, LogException.Sealed.class);
      assertThat(texts(next(behind))).containsExactly("a");
      assertThatThrownBy(behind::next).isInstanceOf(LogException.Sealed.class);
    }
  }

  // Trim.

  @Test
  void aTrimForgetsWhatLiesBelowAndNothingElse() {
    List<LogRecord> all = fill();
    long upTo = all.get(300).position();

    long point = await(log.trim(upTo));

    assertThat(point).isGreaterThan(first()).isLessThanOrEqualTo(upTo);
    assertThat(await(log.describe()).trimPoint()).isEqualTo(point);
    assertThat(readToTail(log, point))
        .isEqualTo(all.stream().filter(kept -> kept.position() >= point).toList());
    try (LogReader before = log.read(first())) {
      assertThatThrownBy(before::next)
          .isInstanceOfSatisfying(
              LogException.Trimmed.class, told -> assertThat(told.trimPoint()).isEqualTo(point));
    }
  }

  @Test
  void theTrimPointNeverGoesBackNorBeyondTheTail() {
    fill();
    long point = await(log.trim(first() + (tail(log) - first()) / 2));

    assertThat(await(log.trim(first()))).isEqualTo(point);
    assertThat(await(log.trim(point - 1))).isEqualTo(point);
    long most = await(log.trim(Long.MAX_VALUE));
    assertThat(most).isGreaterThanOrEqualTo(point).isLessThanOrEqualTo(tail(log));
    Appended appended = append(log, "after");
    assertThat(texts(readToTail(log, appended.first()))).containsExactly("after");
  }

  @Test
  void aReaderThatSleepsThroughATrimIsToldWhereTheLogBegins() {
    List<LogRecord> all = fill();
    try (LogReader reader = log.read(first())) {
      List<LogRecord> seen = new ArrayList<>(next(reader));
      long point = await(log.trim(tail(log)));
      LogException.Trimmed told = null;
      while (told == null && seen.size() < all.size()) {
        try {
          seen.addAll(next(reader));
        } catch (LogException.Trimmed gap) {
          told = gap;
        }
      }

      assertThat(seen).isEqualTo(all.subList(0, seen.size()));
      if (told != null) {
        assertThat(told.trimPoint()).isEqualTo(point);
        assertThat(readToTail(log, point)).isEqualTo(from(all, point));
      }
    }
  }

  @Test
  void anAppenderThatSleepsThroughATrimDoesNotWriteIntoTheForgottenPart() {
    long remembered = tail(log);
    List<LogRecord> all = fill();
    long point = await(log.trim(tail(log)));

    var zombie = log.append(batch("zombie"), new Precondition.ExpectedTail(remembered));
    assertThat(failure(zombie, LogException.TailMismatch.class).actual()).isEqualTo(tail(log));
    Appended late = append(log, "late");

    assertThat(late.first()).isGreaterThan(all.getLast().position());
    List<LogRecord> kept = readToTail(log, point);
    assertThat(texts(kept)).contains("late").doesNotContain("zombie");
  }

  // Close and restart.

  @Test
  void afterCloseEveryCallSaysSo() throws Exception {
    append(log, "a");
    LogReader reader = log.read(tail(log));
    var waiting = inThread(reader::next);
    log.close();
    log.close();

    failure(waiting, LogException.Closed.class);
    failure(log.append(batch("b"), Precondition.NONE), LogException.Closed.class);
    failure(log.checkTail(), LogException.Closed.class);
    failure(log.describe(), LogException.Closed.class);
    failure(log.trim(first()), LogException.Closed.class);
    failure(log.seal(), LogException.Closed.class);
    failure(log.fence(Bytes.utf8("t")), LogException.Closed.class);
    try (LogReader late = log.read(first())) {
      assertThatThrownBy(late::next).isInstanceOf(LogException.Closed.class);
    }
  }

  @Test
  void everythingSurvivesARestart() throws Exception {
    assumeTrue(survivesClose(), "a provider that remembers");
    List<LogRecord> all = fill();
    long point = await(log.trim(all.get(200).position()));
    await(log.fence(Bytes.utf8("owner")));
    LogInfo info = await(log.describe());
    Tail tail = await(log.checkTail());
    for (int round = 0; round < 3; round++) {
      log.close();
      log = reopen();

      assertThat(await(log.describe())).isEqualTo(info);
      assertThat(await(log.checkTail())).isEqualTo(tail);
      assertThat(readToTail(log, point)).isEqualTo(from(all, point));
      failure(log.append(batch("x"), Precondition.NONE), LogException.Fenced.class);
      var owner = new Precondition.FencingToken(Bytes.utf8("owner"));
      Appended more = await(log.append(batch("more" + round), owner));
      all.add(new LogRecord(more.first(), Bytes.utf8("more" + round)));
      tail = await(log.checkTail());
    }
  }

  @Test
  void aSealSurvivesARestart() throws Exception {
    assumeTrue(survivesClose(), "a provider that remembers");
    append(log, "a");
    Tail.Sealed sealed = await(log.seal());
    log.close();
    log = reopen();

    assertThat(await(log.checkTail())).isEqualTo(sealed);
    assertThat(await(log.seal())).isEqualTo(sealed);
    failure(log.append(batch("b"), Precondition.NONE), LogException.Sealed.class);
    assertThat(texts(read(log, first(), sealed.position()))).containsExactly("a");
  }

  private static List<LogRecord> from(List<LogRecord> all, long position) {
    return all.stream().filter(kept -> kept.position() >= position).toList();
  }
}
