package io.tidemark.porcupine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.porcupine.model.CasRegister;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MonitorTest {
  private static final CasRegister MODEL = new CasRegister();

  @Test
  void itSaysOfEveryHistoryWhatTheSearchSaysAndNoLaterThanTheCounterexamplesCulprit() {
    int violations = 0;
    for (long seed = 0; seed < 2000; seed++) {
      var history = RandomRegister.small(seed, 25).history();
      Options exact = Options.DEFAULT.withEngine(Engine.SEARCH).withCache(CacheMode.EXACT);
      var report = Linearizability.check(MODEL, history, exact);
      Monitor<?, ?, ?> monitor = watch(history);
      assertThat(monitor.unknown()).isEmpty();
      assertThat(monitor.violation().isEmpty()).as("seed %d", seed).isEqualTo(report.isOk());
      Optional<Counterexample> counterexample = report.counterexample();
      if (counterexample.isPresent()) {
        violations++;
        var culprit = history.get(counterexample.get().culprit());
        var found = monitor.violation().orElseThrow();
        assertThat(found.ret()).as("seed %d", seed).isLessThanOrEqualTo(culprit.ret());
      }
    }
    assertThat(violations).isGreaterThan(200);
  }

  @Test
  void aReturnIsJudgedOnceEveryEarlierCallIsSettled() {
    Monitor<CasRegister.Value, CasRegister.Input, CasRegister.Output> monitor =
        new Monitor<>(MODEL, 1000);
    int slow = monitor.call(0, new CasRegister.Write("1"), 1);
    int read = monitor.call(1, new CasRegister.Read(), 2);
    monitor.ok(read, new CasRegister.Value("1"), 3);
    assertThat(monitor.lag()).isEqualTo(3);
    assertThat(monitor.violation()).isEmpty();
    monitor.fail(slow, 4);
    assertThat(monitor.lag()).isZero();
    assertThat(monitor.violation().orElseThrow().client()).isEqualTo(1);
    assertThatThrownBy(() -> monitor.info(slow)).hasMessage("call 0 is not open");
  }

  @Test
  void tooManyIndefiniteWritesAreUnknown() {
    Monitor<CasRegister.Value, CasRegister.Input, CasRegister.Output> monitor =
        new Monitor<>(MODEL, 1000);
    for (int i = 0; i < 20; i++) {
      monitor.info(monitor.call(i, new CasRegister.Write("v" + i), i));
    }
    int read = monitor.call(99, new CasRegister.Read(), 99);
    monitor.ok(read, new CasRegister.Value("nobody's"), 100);
    assertThat(monitor.unknown()).contains(UnknownReason.CONFIGURATION_LIMIT);
    assertThat(monitor.violation()).isEmpty();
  }

  private static Monitor<CasRegister.Value, CasRegister.Input, CasRegister.Output> watch(
      History<CasRegister.Input, CasRegister.Output> history) {
    Monitor<CasRegister.Value, CasRegister.Input, CasRegister.Output> monitor =
        new Monitor<>(MODEL, 1_000_000);
    record Happening(long time, int kind, int id) {}
    List<Happening> happenings = new ArrayList<>();
    for (var operation : history.operations()) {
      happenings.add(new Happening(operation.call(), 0, operation.id()));
      happenings.add(new Happening(operation.ret(), 1, operation.id()));
    }
    happenings.sort(
        Comparator.comparingLong(Happening::time)
            .thenComparingInt(Happening::kind)
            .thenComparingInt(Happening::id));
    int[] numbers = new int[history.size()];
    for (Happening happening : happenings) {
      var operation = history.get(happening.id());
      if (happening.kind() == 0) {
        numbers[happening.id()] =
            monitor.call(operation.client(), operation.input(), operation.call());
      } else {
        switch (operation.outcome()) {
          case OK -> monitor.ok(numbers[happening.id()], operation.output(), operation.ret());
          case FAIL -> monitor.fail(numbers[happening.id()], operation.ret());
          case INFO -> monitor.info(numbers[happening.id()]);
        }
      }
    }
    return monitor;
  }
}
