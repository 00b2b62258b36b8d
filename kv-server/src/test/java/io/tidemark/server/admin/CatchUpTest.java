package io.tidemark.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Clock;
import io.tidemark.server.admin.Check.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CatchUpTest {
  private long applied = 1;
  private long nanos;
  private final Clock clock =
      new Clock() {
        @Override
        public long nanoTime() {
          return nanos;
        }

        @Override
        public long wallMillis() {
          return 0;
        }
      };
  private final CatchUp catchUp = new CatchUp(() -> applied, Duration.ofSeconds(10), clock);

  @Test
  void aViewHasStartedOnceItReachedTheFirstTailAndForEver() {
    assertThat(catchUp.started()).isInstanceOf(Outcome.Failed.class);
    catchUp.saw(100);
    applied = 99;
    assertThat(catchUp.started())
        .isEqualTo(new Outcome.Failed("the view is at 99 and catches up with 100"));
    applied = 100;
    assertThat(catchUp.started()).isInstanceOf(Outcome.Passed.class);
    catchUp.saw(1_000_000);
    assertThat(catchUp.started()).isInstanceOf(Outcome.Passed.class);
  }

  @Test
  void aViewLagsIfItNeedsTooLongToReachATailHoweverFarThatIs() {
    applied = 5;
    catchUp.saw(1L << 40);
    nanos += Duration.ofSeconds(10).toNanos();
    assertThat(catchUp.keepsUp()).isInstanceOf(Outcome.Passed.class);
    catchUp.saw(1L << 41);
    nanos += Duration.ofSeconds(1).toNanos();
    assertThat(catchUp.keepsUp()).isInstanceOf(Outcome.Failed.class);

    applied = 1L << 40;
    assertThat(catchUp.keepsUp()).isInstanceOf(Outcome.Passed.class);
    catchUp.saw(1L << 42);
    nanos += Duration.ofSeconds(11).toNanos();
    assertThat(catchUp.keepsUp()).isInstanceOf(Outcome.Failed.class);
    applied = 1L << 42;
    assertThat(catchUp.keepsUp()).isInstanceOf(Outcome.Passed.class);
  }

  @Test
  void oneQuestionToTheLogServesAllWhoAskMeanwhileAndShortlyAfter() {
    var questions = new ArrayList<CompletableFuture<Long>>();
    var probe =
        new TailProbe(
            () -> {
              questions.add(new CompletableFuture<>());
              return questions.getLast();
            },
            clock);

    var first = probe.ask();
    var second = probe.ask();
    questions.getFirst().complete(7L);
    var third = probe.ask();
    assertThat(questions).hasSize(1);
    assertThat(first.join()).isEqualTo(7L);
    assertThat(second.join()).isEqualTo(7L);
    assertThat(third.join()).isEqualTo(7L);

    nanos += TailProbe.FRESH.toNanos();
    var fourth = probe.ask();
    assertThat(questions).hasSize(2);
    questions.getLast().completeExceptionally(new IllegalStateException("gone"));
    assertThat(fourth).isCompletedExceptionally();
  }
}
