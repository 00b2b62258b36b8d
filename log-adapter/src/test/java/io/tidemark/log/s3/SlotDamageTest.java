package io.tidemark.log.s3;

import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.next;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.texts;
import static io.tidemark.log.s3.FakeStore.gets;
import static io.tidemark.log.s3.FakeStore.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.Precondition;
import io.tidemark.log.s3.FakeStore.Fate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Objects that are not what was written: damage on the way heals, whoever asks; damage that stays
/// is told to everybody, ends every request, and never becomes a record.
@Timeout(60)
class SlotDamageTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final ArrayDeque<Runnable> network = new ArrayDeque<>();
  private boolean held;
  private final FakeStore store =
      new FakeStore(request -> {
        network.add(request);
        if (!held) {
          deliver();
        }
      });
  private final ManualTime timeOfA = new ManualTime();
  private final Log a = SlotLog.open(store.as("a"), timeOfA.config(1));
  private final Log b = SlotLog.open(store.as("b"), new ManualTime().config(2));

  private void deliver() {
    for (Runnable next = network.poll(); next != null; next = network.poll()) {
      next.run();
    }
  }

  private static CompletableFuture<Appended> send(Log log, String text) {
    return log.append(batch(text), Precondition.NONE);
  }

  // So often that one more would be believed.
  private void damageOnTheWay(String key) {
    store.next(gets(key), Fate.DAMAGED);
    store.next(gets(key), Fate.CUT);
  }

  @Test
  void aWriterReadsWhatWasDamagedOnItsWayAgain() {
    send(b, "first").join();
    damageOnTheWay(Names.slot(0));

    assertThat(send(a, "x").join().first()).isEqualTo(Positions.of(1));
    assertThat(texts(readToTail(b, Log.START))).containsExactly("first", "x");
  }

  @Test
  void aWriterKnowsItsOwnObjectThoughItWasDamagedOnItsWay() {
    store.next(puts("slots/"), Fate.TWICE);
    damageOnTheWay(Names.slot(0));

    assertThat(send(a, "x").join().first()).isEqualTo(Positions.of(0));
    assertThat(texts(readToTail(b, Log.START))).containsExactly("x");
  }

  @Test
  void tailChecksReadersTrimmersAndNewcomersReadItAgainToo() {
    for (int i = 0; i < 10; i++) {
      send(b, "r" + i).join();
    }
    damageOnTheWay(Names.slot(3));
    assertThat(a.checkTail().join().position()).isEqualTo(Positions.of(10));

    damageOnTheWay(Names.slot(7));
    assertThat(b.trim(Positions.of(7)).join()).isEqualTo(Positions.of(7));
    damageOnTheWay(Names.marker(1));
    timeOfA.pass(Duration.ofHours(1));
    assertThat(a.describe().join().trimPoint()).isEqualTo(Positions.of(7));

    damageOnTheWay(Names.IDENTITY);
    damageOnTheWay(Names.PROBES);
    damageOnTheWay(Names.slot(9));
    Log late = SlotLog.open(store.as("c"), SlotLogTest.config());
    damageOnTheWay(Names.slot(8));
    assertThat(texts(readToTail(late, Positions.of(7)))).containsExactly("r7", "r8", "r9");
    late.close();
  }

  @Test
  void aWriterStopsAtAnObjectThatIsDamagedWhereItLies() {
    send(b, "first").join();
    store.flip(Names.slot(0));
    held = true;
    var sent = send(a, "sent");
    var waiting = send(a, "waiting");
    held = false;
    deliver();

    // Whose it is, nobody can tell; what was not sent is not there.
    failure(sent, LogException.Indeterminate.class);
    assertThat(failure(waiting, LogException.Corrupt.class))
        .hasMessageContaining(Names.slot(0))
        .hasMessageContaining("its checksum is wrong");
    failure(send(a, "later"), LogException.Corrupt.class);
    failure(a.checkTail(), LogException.Corrupt.class);
    assertThat(failure(a.fence(Bytes.utf8("f")), LogException.Corrupt.class)).isNotNull();

    int requests = store.requests().size();
    timeOfA.pass(LONG);
    assertThat(store.requests()).as("nobody asks for ever").hasSize(requests);
  }

  @Test
  void whatWasPutBackIsReadAndNothingIsThereTwice() {
    store.next(puts("slots/"), Fate.REPLY_LOST);
    var sent = send(a, "x");
    store.flip(Names.slot(0));
    timeOfA.pass(LONG);
    failure(sent, LogException.Indeterminate.class);
    failure(send(a, "no"), LogException.Corrupt.class);
    store.flip(Names.slot(0));

    assertThat(send(a, "y").join().first()).isEqualTo(Positions.of(1));
    assertThat(texts(readToTail(b, Log.START))).containsExactly("x", "y");
  }

  @Test
  void aReaderThatWaitsForMoreIsToldOfDamage() {
    Log reading = SlotLog.open(store.as("c"), SlotLogTest.config());
    send(b, "first").join();
    store.flip(Names.slot(0));
    try (var reader = reading.read(Log.START)) {
      assertThatThrownBy(() -> next(reader))
          .isInstanceOf(LogException.Corrupt.class)
          .hasMessageContaining(Names.slot(0));
      assertThatThrownBy(() -> next(reader)).isInstanceOf(LogException.Corrupt.class);
      store.flip(Names.slot(0));
      assertThat(texts(next(reader))).containsExactly("first");
    }
    reading.close();
  }

  @Test
  void aTrimMarkerThatIsDamagedWhereItLiesStopsWhoeverMustReadIt() {
    for (int i = 0; i < 3; i++) {
      send(b, "r" + i).join();
    }
    a.checkTail().join();
    b.trim(Positions.of(2)).join();
    store.flip(Names.marker(1));
    timeOfA.sleepThrough(Duration.ofHours(1));

    failure(send(a, "x"), LogException.Indeterminate.class);
    failure(a.describe(), LogException.Corrupt.class);
    failure(a.checkTail(), LogException.Corrupt.class);
    int requests = store.requests().size();
    timeOfA.pass(LONG);
    assertThat(store.requests()).as("nobody asks for ever").hasSize(requests);
  }
}
