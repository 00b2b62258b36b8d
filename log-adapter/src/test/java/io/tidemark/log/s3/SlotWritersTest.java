package io.tidemark.log.s3;

import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.texts;
import static io.tidemark.log.s3.FakeStore.gets;
import static io.tidemark.log.s3.FakeStore.puts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import io.tidemark.log.s3.FakeStore.Fate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of appends when requests and replies go astray and several writers are at it.
///
/// Everything runs on the test's thread: requests are carried out when the test lets them.
@Timeout(60)
class SlotWritersTest {
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  private final ArrayDeque<Runnable> network = new ArrayDeque<>();
  private boolean held;
  private final FakeStore store =
      new FakeStore(request -> {
        network.add(request);
        if (!held) {
          deliverAll();
        }
      });
  private final ManualTime timeOfA = new ManualTime();
  private final ManualTime timeOfB = new ManualTime();
  private final Log a =
      SlotLog.open(store.as("a"), timeOfA.config(1).withSending(Duration.ZERO, 4));
  private final Log b = SlotLog.open(store.as("b"), timeOfB.config(2));

  private void deliverAll() {
    while (deliverNext()) {
      // More may follow from it.
    }
  }

  private boolean deliverNext() {
    Runnable next = network.poll();
    if (next != null) {
      next.run();
    }
    return next != null;
  }

  private static CompletableFuture<Appended> send(Log log, String... texts) {
    return log.append(batch(texts), Precondition.NONE);
  }

  private static void assertAppendedTo(long slot, CompletableFuture<Appended> append) {
    assertThat(append).isCompleted();
    assertThat(Positions.slot(append.join().first())).isEqualTo(slot);
  }

  private void assertBothRead(String... texts) {
    assertThat(texts(readToTail(a, Log.START))).containsExactly(texts);
    assertThat(texts(readToTail(b, Log.START))).containsExactly(texts);
  }

  @Test
  void twoWritersTakeTurnsAndBothSeeEverything() {
    assertAppendedTo(0, send(a, "a0"));
    assertAppendedTo(1, send(b, "b0"));
    assertAppendedTo(2, send(b, "b1"));
    assertAppendedTo(3, send(a, "a1"));

    assertBothRead("a0", "b0", "b1", "a1");
  }

  @Test
  void aLostReplyIsFoundOutAndTheBatchIsThereOnce() {
    store.next(puts("slots/"), Fate.REPLY_LOST);
    var append = send(a, "x");
    assertThat(append).isNotDone();
    timeOfA.pass(A_WHILE);

    assertAppendedTo(0, append);
    assertBothRead("x");
  }

  @Test
  void aRequestThatWasCarriedOutTwiceIsRecognized() {
    store.next(puts("slots/"), Fate.TWICE);

    assertAppendedTo(0, send(a, "x"));
    assertBothRead("x");
  }

  @Test
  void aConflictIsNoAnswerAndTheSameSlotIsTriedAgain() {
    store.next(puts("slots/"), Fate.CONFLICT);
    store.next(puts("slots/"), Fate.SLOW_DOWN);
    var append = send(a, "x");
    timeOfA.pass(A_WHILE);

    assertAppendedTo(0, append);
    assertThat(store.requests()).filteredOn(puts("slots/")).hasSize(3);
    assertBothRead("x");
  }

  @Test
  void aBatchMovesOnlyAfterItsSlotWasSeenToHoldAnothers() {
    store.next(puts("slots/"), Fate.LATE);
    var late = send(a, "late");
    assertAppendedTo(0, send(b, "first"));
    timeOfA.pass(A_WHILE);
    store.letGo();

    assertAppendedTo(1, late);
    assertBothRead("first", "late");
  }

  @Test
  void aRequestThatLandsLateStillCountsAndIsNotSentElsewhere() {
    store.next(puts("slots/"), Fate.LATE);
    var late = send(a, "late");
    store.letGo();
    assertAppendedTo(1, send(b, "second"));
    timeOfA.pass(A_WHILE);

    assertAppendedTo(0, late);
    assertBothRead("late", "second");
  }

  @Test
  void aLookThatFailsDecidesNothing() {
    assertAppendedTo(0, send(b, "first"));
    store.next(gets("slots/"), Fate.LOST);
    var append = send(a, "x");
    assertThat(append).isNotDone();
    timeOfA.pass(A_WHILE);

    assertAppendedTo(1, append);
    assertBothRead("first", "x");
  }

  @Test
  void whatAWriterThatDiedLeftUnderWayLandsOrDoesNot() {
    store.next(puts("slots/"), Fate.LATE);
    var orphan = send(a, "orphan");
    a.close();
    failure(orphan, LogException.Indeterminate.class);
    store.letGo();
    Log again = SlotLog.open(store.as("a"), new ManualTime().config(3));

    assertAppendedTo(1, send(again, "x"));
    assertThat(texts(readToTail(b, Log.START))).containsExactly("orphan", "x");
  }

  @Test
  void aRefusalIsDefiniteAndAfterAnUndecidedAttemptItIsNot() {
    store.next(puts("slots/"), Fate.REFUSED);
    var refused = failure(send(a, "no"), LogException.Unavailable.class);
    assertThat(refused).hasMessageContaining("no permission");

    store.next(puts("slots/"), Fate.LATE);
    store.next(puts("slots/"), Fate.REFUSED);
    var maybe = send(a, "maybe");
    timeOfA.pass(Duration.ofMillis(100));
    assertThat(maybe).isNotDone();
    store.letGo();
    timeOfA.pass(A_WHILE);

    assertAppendedTo(0, maybe);
    assertBothRead("maybe");
  }

  @Test
  void anAppendThatWasSentMayBeThereAndOneThatWaitedIsNot() {
    for (int i = 0; i < 200; i++) {
      store.next(puts("slots/"), Fate.LOST);
    }
    var sent = send(a, "sent");
    var waiting = send(a, "waiting");
    timeOfA.pass(Duration.ofSeconds(11));

    failure(sent, LogException.Indeterminate.class);
    failure(waiting, LogException.Unavailable.class);
    timeOfA.pass(Duration.ofMinutes(10));
    assertAppendedTo(1, send(a, "later"));
    assertBothRead("sent", "later");
  }

  @Test
  void refusalsAreTakenFromTheLogAsItIsNow() {
    send(a, "a").join();
    var tail = new Precondition.ExpectedTail(Positions.of(1));
    send(b, "b").join();
    var late = failure(a.append(batch("x"), tail), LogException.TailMismatch.class);
    assertThat(late.actual()).isEqualTo(Positions.of(2));

    send(b, "c").join();
    var beyond = new Precondition.ExpectedTail(Positions.of(3));
    assertAppendedTo(3, a.append(batch("d"), beyond));

    b.fence(Bytes.utf8("token")).join();
    failure(send(a, "x"), LogException.Fenced.class);
    b.fence(Bytes.EMPTY).join();
    assertAppendedTo(6, send(a, "e"));
    assertBothRead("a", "b", "c", "d", "e");
  }

  @Test
  void aSealEndsTheLogForEveryWriter() {
    send(a, "a").join();
    b.checkTail().join();
    held = true;
    var underWay = send(a, "x");
    var seal = b.seal();
    held = false;
    // What b asked for overtakes what a asked for.
    network.addLast(network.removeFirst());
    deliverAll();
    timeOfA.pass(A_WHILE);

    failure(underWay, LogException.Sealed.class);
    assertThat(seal.join()).isEqualTo(a.checkTail().join()).isEqualTo(a.seal().join());
    assertThat(seal.join()).isEqualTo(new Tail.Sealed(Positions.of(1)));
  }

  @Test
  void aTailCheckCountsOnlyRequestsThatWereSentAfterItBegan() {
    held = true;
    var before = a.checkTail();
    // The request of the first check is carried out, and finds nothing.
    Runnable answer = network.remove();
    answer.run();
    var early = before.join();
    var first = a.checkTail();
    Runnable stale = network.remove();
    stale.run();
    held = false;
    send(b, "x").join();
    var late = a.checkTail();

    assertThat(early).isEqualTo(first.join()).isEqualTo(new Tail.Open(Positions.of(0)));
    assertThat(late.join()).isEqualTo(new Tail.Open(Positions.of(1)));
  }

  @Test
  void checksThatWaitTogetherShareOneRequest() {
    a.checkTail().join();
    held = true;
    long before = store.count("GET");
    var first = a.checkTail();
    List<CompletableFuture<Tail>> together = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      together.add(a.checkTail());
    }
    deliverAll();

    assertThat(first).isCompleted();
    assertThat(together).allMatch(CompletableFuture::isDone);
    assertThat(store.count("GET") - before).isEqualTo(2);
  }

  @Test
  void appendsGatherWhileASlotIsUnderWay() {
    held = true;
    List<CompletableFuture<Appended>> appends = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      appends.add(send(a, "r" + i));
    }
    deliverAll();

    assertAppendedTo(0, appends.getFirst());
    assertAppendedTo(1, appends.getLast());
    assertThat(appends.get(1).join().next()).isEqualTo(appends.get(2).join().first());
    held = false;
    assertThat(readToTail(b, Log.START)).hasSize(1_000);
  }
}
