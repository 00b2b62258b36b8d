package io.tidemark.log.s3;

import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.readToTail;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.log.s3.FakeStore.Fate;
import io.tidemark.log.s3.FakeStore.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A writer that keeps losing slots hands its appends to the one that wins them.
@Timeout(60)
class HandoverTest {
  private final FakeStore store = new FakeStore(Runnable::run);
  private final Map<String, SlotLog> serving = new HashMap<>();
  private final List<Log> forgotten = new ArrayList<>();
  private final Peers peers =
      new Peers() {
        @Override
        public Log connect(String address) {
          return Objects.requireNonNull(serving.get(address)).forPeers();
        }

        @Override
        public void forget(Log peer) {
          forgotten.add(peer);
        }
      };
  private final ManualTime timeOfA = new ManualTime();
  private final SlotLog a = open("a", timeOfA, 2);
  private final SlotLog b = open("b", new ManualTime(), 1);

  private SlotLog open(String name, ManualTime time, int process) {
    SlotLog log = SlotLog.open(store.as(name), time.config(process).withPeers(peers));
    serving.put(name, log);
    log.announce(name);
    return log;
  }

  private static CompletableFuture<Appended> send(Log log, String text) {
    return log.append(batch(text), Precondition.NONE);
  }

  private long putsBy(String user) {
    return store.requests().stream()
        .filter(request -> request.kind().equals("PUT") && request.user().equals(user))
        .count();
  }

  // Every append of a's finds that b was there first.
  private void loseOften() {
    for (int i = 0; i < 12; i++) {
      send(b, "b" + i).join();
      send(a, "a" + i).join();
    }
  }

  @Test
  void aWriterThatKeepsLosingHandsOver() {
    loseOften();
    long before = putsBy("a");
    for (int i = 0; i < 20; i++) {
      send(b, "later b" + i).join();
      Appended appended = send(a, "later a" + i).join();
      assertThat(appended.next()).isEqualTo(Positions.of(Positions.slot(appended.first()) + 1));
    }

    assertThat(putsBy("a")).isEqualTo(before);
    List<LogRecord> all = readToTail(b, Log.START);
    assertThat(all).hasSize(64).isEqualTo(readToTail(a, Log.START));
    assertThat(all).extracting(LogRecord::payload).doesNotHaveDuplicates();
  }

  @Test
  void whoIsAskedNeverHandsOn() {
    loseOften();
    for (int i = 0; i < 12; i++) {
      send(a, "x" + i).join();
    }
    // Now b, too, believes that another wins.
    for (int i = 0; i < 40; i++) {
      a.append(batch("alone " + i), new Precondition.FencingToken(Bytes.EMPTY)).join();
      send(b, "lost " + i).join();
    }
    send(a, "from a").join();
    send(b, "from b").join();

    assertThat(readToTail(a, Log.START)).extracting(LogRecord::payload).doesNotHaveDuplicates();
  }

  @Test
  void whenTheOtherIsGoneTheWriterRacesAgain() {
    loseOften();
    b.close();
    long before = putsBy("a");
    Appended appended = send(a, "alone").join();

    assertThat(putsBy("a")).isGreaterThan(before);
    assertThat(readToTail(a, appended.first())).hasSize(1);
  }

  @Test
  void aWriterThatIsGoneIsPassedOver() {
    loseOften();
    SlotLog c = open("c", new ManualTime(), 0);
    send(c, "of the smallest id").join();
    a.checkTail().join();
    c.close();
    long before = putsBy("a");
    for (int i = 0; i < 5; i++) {
      send(b, "b after c " + i).join();
      send(a, "a after c " + i).join();
    }

    assertThat(putsBy("a")).isEqualTo(before);
  }

  @Test
  void writersThatCameAndWentAreForgotten() {
    for (int i = 0; i < 3; i++) {
      loseOften();
      SlotLog passing = open("passing " + i, new ManualTime(), 0);
      send(passing, "of the smallest id").join();
      a.checkTail().join();
      send(a, "to it " + i).join();
      passing.close();
      for (int j = 0; j < 70; j++) {
        send(b, "b after " + i + " " + j).join();
        send(a, "a after " + i + " " + j).join();
      }
      timeOfA.pass(Duration.ofMinutes(1));
    }

    assertThat(forgotten).isNotEmpty();
  }

  @Test
  void whatTheOtherCannotTellIsToldAsUnknown() {
    loseOften();
    for (int i = 0; i < 200; i++) {
      store.next(request -> isSlotOf(request, "b"), Fate.LOST);
    }
    var unknown = send(a, "unknown");
    assertThat(unknown).isNotDone();
    b.close();

    failure(unknown, LogException.Indeterminate.class);
    send(a, "next").join();
  }

  private static boolean isSlotOf(Request request, String user) {
    return request.kind().equals("PUT") && request.user().equals(user);
  }

  @Test
  void aWriterWithoutRivalsSendsItsOwnAgain() {
    loseOften();
    for (int i = 0; i < 40; i++) {
      send(a, "only a" + i).join();
    }
    long before = putsBy("a");
    send(a, "own").join();

    assertThat(putsBy("a")).isEqualTo(before + 1);
  }

  @Test
  void aFencedLogIsWrittenByEachItself() {
    loseOften();
    b.fence(Bytes.utf8("token")).join();
    a.checkTail().join();

    failure(send(a, "x"), LogException.Fenced.class);
    timeOfA.pass(Duration.ofSeconds(1));
  }
}
