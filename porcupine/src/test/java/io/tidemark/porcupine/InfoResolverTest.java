package io.tidemark.porcupine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.model.AppendKv;
import io.tidemark.porcupine.model.CasRegister;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InfoResolverTest {
  private static final AppendKv MODEL = new AppendKv();
  private static final AppendKv.Output DONE = new AppendKv.Done();

  @Test
  void whatIsInTheLogHappenedBeforeAnythingLaterReturnedAndWhatIsNotNeverDid() {
    var history =
        History.of(
            List.of(
                Operation.<AppendKv.Input, AppendKv.Output>info(0, append("a"), 10),
                Operation.<AppendKv.Input, AppendKv.Output>info(1, append("b"), 20),
                Operation.ok(2, append("c"), 30, DONE, 40),
                Operation.ok(2, append("d"), 50, DONE, 60)));
    var resolved = InfoResolver.resolve(MODEL, history, log(0, 1L, 2, 5L, 3, 9L));
    assertThat(resolved.contradictions()).isEmpty();
    assertThat(resolved.applied()).isEqualTo(1);
    assertThat(resolved.dropped()).isEqualTo(1);
    assertThat(resolved.history().get(0).outcome()).isEqualTo(Outcome.OK);
    assertThat(resolved.history().get(0).ret()).isEqualTo(40);
    assertThat(resolved.history().get(1).outcome()).isEqualTo(Outcome.FAIL);
    assertThat(resolved.history().get(2)).isEqualTo(history.get(2));
  }

  @Test
  void aLogThatAgreesLeavesTheHistoryLinearizable() {
    var history =
        History.of(
            List.of(
                Operation.<AppendKv.Input, AppendKv.Output>info(0, append("a"), 10),
                Operation.ok(2, get(), 30, got("a"), 40)));
    assertThat(InfoResolver.check(MODEL, history, log(0, 1L), Options.DEFAULT).isOk()).isTrue();
  }

  @Test
  void aLogThatContradictsWhatClientsSawDisagrees() {
    var history =
        History.of(
            List.of(
                Operation.<AppendKv.Input, AppendKv.Output>info(0, append("a"), 10),
                Operation.ok(2, get(), 30, got("a"), 40)));
    assertThat(contradictions(history, log()))
        .singleElement()
        .asString()
        .startsWith("get k → “a” (operation 1 of client 2) is impossible");
  }

  @Test
  void anIllegalHistoryIsIllegalWhateverTheLogSays() {
    var history = History.of(List.of(Operation.ok(2, get(), 30, got("never"), 40)));
    assertThat(InfoResolver.check(MODEL, history, log(), Options.DEFAULT).verdict())
        .isInstanceOf(Verdict.Illegal.class);
  }

  @Test
  void anOperationIsInTheLogAtMostOnceAndExactlyOnceIfAcknowledgedAndNeverIfItFailed() {
    var history =
        History.of(
            List.of(
                Operation.ok(0, append("a"), 10, DONE, 20),
                Operation.ok(0, append("b"), 30, DONE, 40),
                Operation.<AppendKv.Input, AppendKv.Output>failed(0, append("c"), 50, 60)));
    assertThat(
            contradictions(
                history, o -> List.of(List.of(1L, 2L), List.<Long>of(), List.of(3L)).get(o.id())))
        .containsExactly(
            "append k “a” (operation 0) took effect at positions [1, 2]",
            "append k “b” (operation 1) was acknowledged, but is not in the log",
            "append k “c” (operation 2) failed, but is in the log at [3]");
  }

  @Test
  void anOperationIsNotInTheLogBeforeSomethingThatReturnedBeforeItsCall() {
    var history =
        History.of(
            List.of(
                Operation.ok(0, append("a"), 10, DONE, 20),
                Operation.<AppendKv.Input, AppendKv.Output>info(1, append("b"), 30)));
    assertThat(contradictions(history, log(1, 1L, 0, 2L)))
        .contains(
            "append k “b” (operation 1) comes in the log before something older than its call");
  }

  @Test
  void resolvingRandomHistoriesByTheirTrueOrderNeverChangesTheVerdict() {
    CasRegister model = new CasRegister();
    int indefinite = 0;
    for (long seed = 0; seed < 3000; seed++) {
      RandomRegister.Made made = RandomRegister.small(seed, 12);
      InfoResolver.AppliedLog<CasRegister.Input, CasRegister.Output> log =
          o -> {
            Long order = made.orderOfId().get(o.id());
            return order == null ? List.of() : List.of(order);
          };
      var original = Linearizability.check(model, made.history(), Options.DEFAULT);
      var resolved = InfoResolver.resolve(model, made.history(), log);
      var settled = Linearizability.check(model, resolved.history(), Options.DEFAULT);
      indefinite += resolved.applied() + resolved.dropped();
      if (settled.isOk()) {
        assertThat(original.isOk()).as("seed %d", seed).isTrue();
      }
      if (isTrueOrder(model, made)) {
        assertThat(settled.isOk()).as("seed %d", seed).isTrue();
      }
    }
    assertThat(indefinite).isGreaterThan(1000);
  }

  private static boolean isTrueOrder(CasRegister model, RandomRegister.Made made) {
    Options witness = Options.DEFAULT.withEngine(Engine.WITNESS);
    return Linearizability.check(model, made.history(), witness, made.witness()).isOk();
  }

  private static List<String> contradictions(
      History<AppendKv.Input, AppendKv.Output> history,
      InfoResolver.AppliedLog<AppendKv.Input, AppendKv.Output> log) {
    var report = InfoResolver.check(MODEL, history, log, Options.DEFAULT);
    assertThat(report.verdict()).isInstanceOf(Verdict.LogDisagrees.class);
    return ((Verdict.LogDisagrees) report.verdict()).contradictions();
  }

  private static InfoResolver.AppliedLog<AppendKv.Input, AppendKv.Output> log(
      Object... idsAndPositions) {
    Map<Integer, Long> positions = new HashMap<>();
    for (int i = 0; i < idsAndPositions.length; i += 2) {
      positions.put((Integer) idsAndPositions[i], (Long) idsAndPositions[i + 1]);
    }
    return o -> {
      Long position = positions.get(o.id());
      return position == null ? List.of() : List.of(position);
    };
  }

  private static AppendKv.Input append(String value) {
    return new AppendKv.Append("k", value);
  }

  private static AppendKv.Output got(String value) {
    return new AppendKv.Got(value);
  }

  private static AppendKv.Input get() {
    return new AppendKv.Get("k");
  }
}
