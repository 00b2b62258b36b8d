package io.tidemark.log.s3;

import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.texts;
import static io.tidemark.log.s3.FakeStore.puts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.Precondition;
import io.tidemark.log.s3.FakeStore.Fate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several slots of one writer under way at once.
@Timeout(60)
class SlotChainsTest {
  private final ArrayDeque<Runnable> network = new ArrayDeque<>();
  private boolean held;
  private final FakeStore store =
      new FakeStore(request -> {
        network.add(request);
        if (!held) {
          deliverAll();
        }
      });
  private final ManualTime time = new ManualTime();
  private final Log a =
      SlotLog.open(
          store.as("a"), time.config(1).withSending(Duration.ZERO, 4).withLimits(10, 10, 1));
  private final Log b = SlotLog.open(store.as("b"), new ManualTime().config(2));

  private void deliverAll() {
    for (Runnable next = network.poll(); next != null; next = network.poll()) {
      next.run();
    }
  }

  private void drop(int request) {
    var rest = new ArrayList<>(network);
    rest.remove(request);
    network.clear();
    network.addAll(rest);
  }

  private void first(int request) {
    var rest = new ArrayList<>(network);
    network.clear();
    network.add(rest.remove(request));
    network.addAll(rest);
  }

  private CompletableFuture<Appended> send(Log log, String text) {
    return log.append(batch(text), Precondition.NONE);
  }

  @BeforeEach
  void growCalm() {
    for (int i = 0; i < 4; i++) {
      send(a, "" + i).join();
    }
  }

  private List<CompletableFuture<Appended>> launch(int slots) {
    held = true;
    List<CompletableFuture<Appended>> appends = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      appends.add(send(a, "c" + i));
    }
    return appends;
  }

  @Test
  void aCalmWriterSendsSeveralSlotsAndIsAnsweredInOrder() {
    var appends = launch(4);
    assertThat(network).hasSize(4);
    first(3);
    network.remove().run();
    assertThat(appends).noneMatch(CompletableFuture::isDone);
    network.remove().run();
    assertThat(appends.getFirst()).isDone();
    assertThat(appends.getLast()).isNotDone();
    held = false;
    deliverAll();

    assertThat(appends).allMatch(CompletableFuture::isDone);
    assertThat(texts(readToTail(b, Log.START)))
        .containsExactly("0", "1", "2", "3", "c0", "c1", "c2", "c3");
  }

  @Test
  void aRivalInTheMiddleVoidsWhatFollowsAndItIsSentAgainInOrder() {
    var appends = launch(4);
    network.remove().run(); // c0 at slot 4
    var rival = send(b, "rival");
    // b finds slots 0 to 4 and takes slot 5, before a's request for it arrives.
    while (store.object(Names.slot(5)).isEmpty()) {
      first(network.size() - 1);
      network.remove().run();
    }
    held = false;
    deliverAll();
    time.pass(Duration.ofSeconds(1));

    assertThat(rival).isDone();
    assertThat(appends).allMatch(CompletableFuture::isDone);
    String[] expected = {"0", "1", "2", "3", "c0", "rival", "c1", "c2", "c3"};
    assertThat(texts(readToTail(a, Log.START))).containsExactly(expected);
    assertThat(texts(readToTail(b, Log.START))).containsExactly(expected);
    Log late = SlotLog.open(store.as("late"), new ManualTime().config(3));
    assertThat(texts(readToTail(late, Log.START))).containsExactly(expected);
  }

  @Test
  void whatADeadWriterLeftBehindAHoleDoesNotCount() {
    var appends = launch(4);
    network.remove().run();
    drop(0); // slot 5 is never written; 6 and 7 are
    deliverAll();
    a.close();
    held = false;
    assertThat(appends.getFirst()).isCompleted();

    assertThat(Positions.slot(b.checkTail().join().position())).isEqualTo(5);
    send(b, "next").join();
    send(b, "more").join();
    assertThat(texts(readToTail(b, Log.START)))
        .containsExactly("0", "1", "2", "3", "c0", "next", "more");
    Log late = SlotLog.open(store.as("late"), new ManualTime().config(3));
    // A reader that begins among slots that do not count judges them by those before.
    assertThat(texts(readToTail(late, Positions.of(6)))).containsExactly("more");
  }

  @Test
  void aChainCountsWhenTheRequestForItsHoleLandsAfterAll() {
    store.next(puts(Names.slot(5)), Fate.LATE);
    var appends = launch(4);
    deliverAll();
    deliverAll();
    store.letGo();
    held = false;
    time.pass(Duration.ofSeconds(1));

    assertThat(appends).allMatch(CompletableFuture::isDone);
    assertThat(texts(readToTail(b, Log.START)))
        .containsExactly("0", "1", "2", "3", "c0", "c1", "c2", "c3");
  }

  @Test
  void aHoleWhereAChainBeginsKeepsNobodyOut() {
    launch(4);
    drop(0); // slot 4, where the chain begins, is never written; 5, 6 and 7 are
    deliverAll();
    a.close();
    held = false;
    Log late = SlotLog.open(store.as("late"), new ManualTime().config(3));

    assertThat(Positions.slot(late.checkTail().join().position())).isEqualTo(4);
    send(late, "next").join();
    assertThat(texts(readToTail(late, Positions.of(6)))).isEmpty();
    assertThat(texts(readToTail(b, Log.START))).containsExactly("0", "1", "2", "3", "next");
  }

  @Test
  void whatARefusalLeavesBehindOthersUnderWayDoesNotBreakTheirChain() {
    store.next(puts(Names.slot(4)), Fate.LOST);
    store.next(puts(Names.slot(5)), Fate.REFUSED);
    var appends = launch(4);
    deliverAll();
    for (var refused : appends.subList(1, 4)) {
      assertThat(refused).isCompletedExceptionally();
    }
    var after = List.of(send(a, "d0"), send(a, "d1"));
    deliverAll();
    held = false;
    time.pass(Duration.ofSeconds(1));

    assertThat(appends.getFirst()).isCompletedWithValueMatching(done -> done.first() > 0);
    assertThat(after).allMatch(CompletableFuture::isDone);
    String[] expected = {"0", "1", "2", "3", "c0", "d0", "d1"};
    assertThat(texts(readToTail(b, Log.START))).containsExactly(expected);
    Log late = SlotLog.open(store.as("late"), new ManualTime().config(3));
    assertThat(texts(readToTail(late, Log.START))).containsExactly(expected);
  }

  @Test
  void aReaderThatBeginsAmongSlotsThatDoNotCountFindsSo() {
    launch(4);
    network.remove().run();
    drop(0); // slot 5
    deliverAll();
    a.close();
    held = false;
    send(b, "next").join();
    send(b, "more").join();
    b.trim(Positions.of(5)).join();
    Log late =
        SlotLog.open(
            store.as("late"),
            new ManualTime()
                .config(3)
                .withReading(Duration.ofMillis(20), Duration.ofSeconds(1), 0, 8));

    // Slot 5 is b's and begins the log now; the chain of 6 and 7 began below it.
    assertThat(texts(readToTail(late, Positions.of(7)))).containsExactly("more");
    assertThat(texts(readToTail(late, Positions.of(5)))).containsExactly("next", "more");
  }
}
