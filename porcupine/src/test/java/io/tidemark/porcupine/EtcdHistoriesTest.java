package io.tidemark.porcupine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.engine.Found;
import io.tidemark.porcupine.engine.Limits;
import io.tidemark.porcupine.engine.Problem;
import io.tidemark.porcupine.engine.Search;
import io.tidemark.porcupine.format.JepsenLog;
import io.tidemark.porcupine.model.CasRegister;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@EnabledIf("io.tidemark.porcupine.SharedHistories#exist")
class EtcdHistoriesTest {
  @ParameterizedTest
  @EnumSource(CacheMode.class)
  void everyKnownLogGetsItsVerdictInExactlyTheKnownNumberOfStepsAndConfigurations(CacheMode mode) {
    assertThat(SharedHistories.etcd()).hasSizeGreaterThan(50);
    for (SharedHistories.Known known : SharedHistories.etcd()) {
      var history = JepsenLog.read(SharedHistories.lines("etcd/" + known.file()));
      assertThat(history.problems()).as(known.file()).isEmpty();
      Found found =
          Search.run(
              Problem.of(new CasRegister(), history.operations()),
              mode,
              Limits.configurations(1_000_000));
      assertThat(new Counted(found)).as(known.file()).isEqualTo(new Counted(known));
    }
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
