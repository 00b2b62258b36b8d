package io.tidemark.replica;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.log.LogException;
import io.tidemark.log.Tail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Who rides on what, with a log that answers when the test says so.
class TailCheckerTest {
  private final ScriptedLog log = new ScriptedLog().holdChecks();
  private final ManualTime time = new ManualTime();
  private final Shared shared = TestParts.shared(time, new MetricRegistry());
  private final Map<Rider<?>, String> told = new HashMap<>();
  private final TailChecker tails =
      new TailChecker(
          log,
          new TailChecker.Stop() {
            @Override
            public void proven(List<Rider<?>> riders, long tail) {
              riders.forEach(rider -> told.put(rider, "tail " + tail));
            }

            @Override
            public void failed(List<? extends Rider<?>> riders, ReplicaException failure) {
              riders.forEach(rider -> told.put(rider, failure.getClass().getSimpleName()));
            }
          },
          shared);

  @Test
  void aRiderNeverJoinsACheckThatLeftBeforeItArrived() {
    tails.open(1);
    var early = board();
    var late = board();

    answer(1, 5);
    assertThat(told).containsOnly(Map.entry(early, "tail 5"));

    answer(2, 7);
    assertThat(told).containsEntry(late, "tail 7");
  }

  @Test
  void aRiderNeverRidesOnAnAppendThatWasSentBeforeItArrived() {
    tails.open(1);
    var _ = board();
    long sentWith = tails.boarded();
    var late = board();

    tails.proven(sentWith, 9);

    assertThat(told).doesNotContainKey(late);
  }

  @Test
  void ridersShareTheNextCheckAndAnAppendSentAfterThem() {
    tails.open(1);
    var _ = board();
    var second = board();
    var third = board();
    long sentWith = tails.boarded();
    var fourth = board();

    tails.proven(sentWith, 9);
    assertThat(told).containsEntry(second, "tail 9").containsEntry(third, "tail 9");
    assertThat(told).doesNotContainKey(fourth);

    answer(1, 4);
    answer(2, 10);
    assertThat(told).containsEntry(fourth, "tail 10");
    assertThat(log.checksAsked()).isEqualTo(2);
  }

  @Test
  void noCheckDepartsOnceAppendsHaveReleasedEverybody() {
    tails.open(1);
    var _ = board();
    var _ = board();
    tails.proven(tails.boarded(), 9);

    answer(1, 4);

    assertThat(log.checksAsked()).isEqualTo(1);
    assertThat(tails.isIdle()).isTrue();
  }

  @Test
  void aFailedCheckFailsItsRidersAloneAndTheNextDeparts() {
    tails.open(1);
    var early = board();
    var late = board();

    check(1).completeExceptionally(new LogException.Unavailable("away", null));
    assertThat(told).containsOnly(Map.entry(early, "LogUnavailable"));

    answer(2, 3);
    assertThat(told).containsEntry(late, "tail 3");
  }

  @Test
  void nobodyAsksALogThatIsNotProvenToBeTheViews() {
    var rider = board();
    assertThat(log.checksAsked()).isZero();

    tails.refuse(new ReplicaException.LogUnavailable("away", null));
    var later = board();
    assertThat(told).containsEntry(rider, "LogUnavailable").containsEntry(later, "LogUnavailable");
    assertThat(log.checksAsked()).isZero();

    tails.open(2);
    var last = board();
    answer(1, 2);
    assertThat(told).containsEntry(last, "tail 2");
  }

  @Test
  void whoIsNotAnsweredInTimeIsToldThatTheLogIsNotThere() {
    tails.open(1);
    var first = board();
    time.pass(Duration.ofMillis(600));
    var second = board();

    time.pass(Duration.ofMillis(420));
    tails.expire(shared.uptime().nanos());
    assertThat(told).containsOnly(Map.entry(first, "LogUnavailable"));

    time.pass(Duration.ofMillis(600));
    tails.expire(shared.uptime().nanos());
    assertThat(told).containsEntry(second, "LogUnavailable");
  }

  @Test
  void aLogThatAnswersAtOnceIsAskedByEveryRiderForItself() {
    var quick = new ScriptedLog();
    var alone = new TailChecker(quick, new NobodyWaits(), shared);
    alone.open(1);

    assertThat(alone.board(rider())).isEqualTo(1);
    quick.store(List.of(io.tidemark.base.Bytes.utf8("a record")));
    assertThat(alone.board(rider())).isEqualTo(2);
    assertThat(quick.checksAsked()).isEqualTo(2);

    quick.holdChecks();
    assertThat(alone.board(rider())).isEqualTo(TailChecker.WAITS);
    assertThat(alone.isIdle()).isFalse();
  }

  private static final class NobodyWaits implements TailChecker.Stop {
    @Override
    public void proven(List<Rider<?>> riders, long tail) {
      throw new AssertionError("nobody waited");
    }

    @Override
    public void failed(List<? extends Rider<?>> riders, ReplicaException failure) {
      throw new AssertionError(failure);
    }
  }

  private TailQuery rider() {
    long now = shared.uptime().nanos();
    return new TailQuery(now, now + Duration.ofSeconds(1).toNanos());
  }

  private TailQuery board() {
    TailQuery rider = rider();
    assertThat(tails.board(rider)).isEqualTo(TailChecker.WAITS);
    return rider;
  }

  /// The check that was sent as the so-manieth, from 1.
  private CompletableFuture<Tail> check(int number) {
    return new ArrayList<>(log.checks).get(number - 1);
  }

  private void answer(int number, long tail) {
    check(number).complete(new Tail.Open(tail));
  }
}
