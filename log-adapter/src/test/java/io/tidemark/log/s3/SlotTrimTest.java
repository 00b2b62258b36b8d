package io.tidemark.log.s3;

import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.next;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.texts;
import static io.tidemark.log.s3.FakeStore.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.s3.FakeStore.Fate;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Processes that sleep through a trim and wake, and what is left in the store.
@Timeout(60)
class SlotTrimTest {
  private static final Duration DELAY = Duration.ofHours(1);

  private final FakeStore store = new FakeStore(Runnable::run);
  private final ManualTime timeOfA = new ManualTime();
  private final ManualTime timeOfB = new ManualTime();
  // What a reads comes from the store, as with any reader that is behind.
  private final Log a =
      SlotLog.open(
          store.as("a"),
          timeOfA.config(1).withReading(Duration.ofMillis(20), Duration.ofSeconds(1), 0, 8));
  private final Log b = SlotLog.open(store.as("b"), timeOfB.config(2));

  private static void append(Log log, int count) {
    for (int i = 0; i < count; i++) {
      log.append(batch("r" + i), Precondition.NONE).join();
    }
  }

  // Both write; then b alone, who trims, and deletes; a sleeps meanwhile, believing in slot 6.
  private void trimWhileASleeps() {
    append(a, 3);
    append(b, 3);
    a.checkTail().join();
    append(b, 60);
    assertThat(b.trim(Positions.of(50)).join()).isEqualTo(Positions.of(50));
    timeOfB.pass(DELAY);
    timeOfA.sleepThrough(DELAY);
  }

  private long slotsBelow(long slot) {
    return store.keys().stream()
        .map(Names::slotOf)
        .filter(OptionalLong::isPresent)
        .filter(number -> number.getAsLong() < slot)
        .count();
  }

  @Test
  void aTrimDeletesAfterTheDelayAndNotBefore() {
    append(b, 60);
    b.trim(Positions.of(50)).join();
    timeOfB.pass(DELAY.minusSeconds(1));
    assertThat(slotsBelow(50)).isEqualTo(50);
    timeOfB.pass(Duration.ofSeconds(1));

    assertThat(slotsBelow(50)).isZero();
    assertThat(readToTail(b, Positions.of(50))).hasSize(10);
    assertThat(b.describe().join().trimPoint()).isEqualTo(Positions.of(50));
  }

  @Test
  void aWriterThatSleptDoesNotAcknowledgeWhatNobodyWillRead() {
    trimWhileASleeps();
    var asleep = a.append(batch("zombie"), Precondition.NONE);
    timeOfA.pass(Duration.ofSeconds(1));

    failure(asleep, LogException.Indeterminate.class);
    var awake = a.append(batch("awake"), Precondition.NONE).join();
    assertThat(Positions.slot(awake.first())).isEqualTo(66);
    assertThat(texts(readToTail(b, Positions.of(66)))).containsExactly("awake");
    assertThat(a.describe().join().trimPoint()).isEqualTo(Positions.of(50));
  }

  @Test
  void aTailCheckAfterASleepIsNotTheOldTail() {
    trimWhileASleeps();

    assertThat(a.checkTail().join().position()).isEqualTo(Positions.of(66));
  }

  @Test
  void aReaderThatSleptIsToldAndNotGivenWhatALateRequestBroughtBack() throws Exception {
    append(a, 6);
    try (LogReader reader = a.read(Log.START)) {
      while (reader.position() < Positions.of(6)) {
        next(reader);
      }
      store.next(puts(Names.slot(6)), Fate.LATE);
      Log lost = SlotLog.open(store.as("lost"), new ManualTime().config(3));
      var zombie = lost.append(batch("zombie"), Precondition.NONE);
      lost.close();
      append(b, 60);
      b.trim(Positions.of(50)).join();
      timeOfB.pass(DELAY);
      timeOfA.sleepThrough(DELAY);
      store.letGo();

      assertThat(store.object(Names.slot(6))).as("it is back").isPresent();
      failure(zombie, LogException.Indeterminate.class);
      assertThat(a.checkTail().join().position()).isEqualTo(Positions.of(66));
      assertThatThrownBy(reader::next)
          .isInstanceOfSatisfying(
              LogException.Trimmed.class,
              trimmed -> assertThat(trimmed.trimPoint()).isEqualTo(Positions.of(50)));
      assertThat(reader.position()).isEqualTo(Positions.of(6));
    }
  }

  @Test
  void whatALateRequestBroughtBackIsDeletedTheNextTime() {
    append(b, 60);
    b.trim(Positions.of(20)).join();
    timeOfB.pass(DELAY);
    store.put(Names.slot(3), Bytes.utf8("back"));
    b.trim(Positions.of(30)).join();
    timeOfB.pass(DELAY);

    assertThat(slotsBelow(30)).isZero();
  }

  @Test
  void aProcessThatStartsDeletesWhatAnotherLeft() {
    append(b, 60);
    b.trim(Positions.of(50)).join();
    b.close();
    var time = new ManualTime();
    Log next = SlotLog.open(store.as("next"), time.config(3));
    assertThat(next.describe().join().trimPoint()).isEqualTo(Positions.of(50));
    time.pass(DELAY);

    assertThat(slotsBelow(50)).isZero();
    assertThat(readToTail(next, Positions.of(50))).hasSize(10);
  }

  @Test
  void twoTrimmersAgreeAndTheTrimPointOnlyGrows() {
    append(b, 60);
    a.checkTail().join();
    assertThat(a.trim(Positions.of(40)).join()).isEqualTo(Positions.of(40));
    assertThat(b.trim(Positions.of(20)).join()).isEqualTo(Positions.of(40));
    assertThat(b.trim(Positions.of(45)).join()).isEqualTo(Positions.of(45));
    assertThat(a.trim(Positions.of(50)).join()).isEqualTo(Positions.of(50));
    assertThat(a.trim(Long.MAX_VALUE).join()).as("the last slot stays").isEqualTo(Positions.of(59));
  }

  @Test
  void deletingThatFailsIsTriedAgain() {
    append(b, 60);
    store.next(request -> request.kind().equals("LIST"), Fate.LOST);
    store.next(request -> request.kind().equals("DELETE"), Fate.LOST);
    b.trim(Positions.of(50)).join();
    timeOfB.pass(DELAY.multipliedBy(3));

    assertThat(slotsBelow(50)).isZero();
  }

  @Test
  void theFenceSurvivesATrimForWhoeverComesLater() {
    append(b, 10);
    b.fence(Bytes.utf8("owner")).join();
    var owner = new Precondition.FencingToken(Bytes.utf8("owner"));
    for (int i = 0; i < 10; i++) {
      b.append(batch("r" + i), owner).join();
    }
    b.trim(Positions.of(18)).join();
    timeOfB.pass(DELAY);
    Log late = SlotLog.open(store.as("late"), new ManualTime().config(3));

    failure(late.append(batch("x"), Precondition.NONE), LogException.Fenced.class);
    late.append(batch("y"), owner).join();
  }
}
