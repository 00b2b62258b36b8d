package io.tidemark.porcupine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.engine.Found;
import io.tidemark.porcupine.engine.Limits;
import io.tidemark.porcupine.engine.Problem;
import io.tidemark.porcupine.engine.Search;
import io.tidemark.porcupine.format.JepsenLog;
import io.tidemark.porcupine.model.CasRegister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.tidemark.porcupine.SharedHistories#exist")
class EtcdHistoriesTest {
  @Test
  void everyKnownLogGetsItsVerdictInExactlyTheKnownNumberOfStepsAndConfigurations() {
    for (SharedHistories.Known known : SharedHistories.etcd()) {
      Counted counted = new Counted(search(problem(known).inEveryOrder(), CacheMode.EXACT));
      assertThat(counted).as(known.file()).isEqualTo(new Counted(known));
    }
  }

  @Test
  void noneTakesMoreStepsWhenOperationsThatAskForTheSameAreNotToldApart() {
    long fewer = 0;
    long all = 0;
    for (SharedHistories.Known known : SharedHistories.etcd()) {
      Counted counted = new Counted(search(problem(known), CacheMode.FINGERPRINT_128));
      assertThat(counted.linearizable()).as(known.file()).isEqualTo(known.linearizable());
      assertThat(counted.steps()).as(known.file()).isLessThanOrEqualTo(known.steps());
      fewer += counted.steps();
      all += known.steps();
    }
    System.out.printf("%,d steps instead of %,d%n", fewer, all);
    assertThat(fewer).isLessThan(all);
  }

  private static Problem<?, ?, ?> problem(SharedHistories.Known known) {
    assertThat(SharedHistories.etcd()).hasSizeGreaterThan(50);
    var history = JepsenLog.read(SharedHistories.lines("etcd/" + known.file()));
    assertThat(history.problems()).as(known.file()).isEmpty();
    return Problem.of(new CasRegister(), history.operations());
  }

  private static Found search(Problem<?, ?, ?> problem, CacheMode mode) {
    return Search.run(problem, mode, Limits.configurations(1_000_000));
  }

  private record Counted(boolean linearizable, long steps, long configurations) {
    Counted(Found found) {
      this(found.status() == Found.Status.LEGAL, found.steps(), found.configurations());
    }

    Counted(SharedHistories.Known known) {
      this(known.linearizable(), known.steps(), known.configurations());
    }
  }
}
