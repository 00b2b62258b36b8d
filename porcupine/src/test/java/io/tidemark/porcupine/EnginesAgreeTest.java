package io.tidemark.porcupine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.engine.Found;
import io.tidemark.porcupine.engine.Found.Status;
import io.tidemark.porcupine.engine.Frontier;
import io.tidemark.porcupine.engine.Limits;
import io.tidemark.porcupine.engine.Problem;
import io.tidemark.porcupine.engine.Search;
import io.tidemark.porcupine.engine.WitnessCheck;
import io.tidemark.porcupine.engine.Zones;
import io.tidemark.porcupine.model.CasRegister;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnginesAgreeTest {
  /// How many histories to try; `-Dporcupine.fuzz=N` tries others.
  private static final int HISTORIES = Integer.getInteger("porcupine.fuzz", 300_000);

  private static final Limits LIMITS = Limits.configurations(1_000_000);
  private static final CasRegister MODEL = new CasRegister();

  @Test
  void allEnginesAndTheDefinitionAgreeOnRandomSmallHistories() {
    int legal = 0;
    int byZones = 0;
    int byWitness = 0;
    for (long seed = 0; seed < HISTORIES; seed++) {
      RandomRegister.Made made = RandomRegister.small(seed, 9);
      boolean expected = BruteForce.isLinearizable(MODEL, made.history().operations());
      legal += expected ? 1 : 0;
      byZones += checkEngines(seed, made, expected) ? 1 : 0;
      var problem = Problem.of(MODEL, made.history().operations());
      WitnessCheck.Result witness = WitnessCheck.run(problem, made.witness(), LIMITS);
      if (witness.holds()) {
        byWitness++;
        assertThat(expected).as("seed %d: %s", seed, made).isTrue();
        assertLinearization(made, witness.order().map(n -> problem.operations().get(n).id()));
      }
    }
    // All kinds were there, or the test would prove nothing.
    assertThat(legal).isBetween(HISTORIES / 3, HISTORIES * 9 / 10);
    assertThat(byZones).isGreaterThan(HISTORIES / 10);
    assertThat(byWitness).isGreaterThan(HISTORIES / 4);
  }

  @Test
  void searchAndZonesAndFrontierAgreeOnRandomLongerHistories() {
    int illegal = 0;
    int histories = HISTORIES / 100;
    for (long seed = 0; seed < histories; seed++) {
      RandomRegister.Made made = RandomRegister.small(~seed, 40);
      var problem = Problem.of(MODEL, made.history().operations());
      boolean expected =
          Search.run(problem.inEveryOrder(), CacheMode.EXACT, LIMITS).status() == Status.LEGAL;
      checkEngines(seed, made, expected);
      illegal += expected ? 0 : 1;
    }
    assertThat(illegal).isBetween(histories / 10, histories * 9 / 10);
  }

  @Test
  void everyCounterexampleIsIllegalByDefinitionAndLegalWithoutItsCulprit() {
    int fromStart = 0;
    int illegal = 0;
    for (long seed = 0; seed < HISTORIES / 10; seed++) {
      RandomRegister.Made made = RandomRegister.small(seed, 9);
      Report<?, ?, ?> report = Linearizability.check(MODEL, made.history(), Options.DEFAULT);
      Optional<Counterexample> found = report.counterexample();
      if (found.isPresent()) {
        illegal++;
        Counterexample counterexample = found.get();
        assertThat(counterexample.operations()).contains(counterexample.culprit());
        if (counterexample.fromStart()) {
          fromStart++;
          assertThat(BruteForce.isLinearizable(MODEL, excerpt(made, counterexample, false)))
              .as("seed %d: %s", seed, counterexample)
              .isFalse();
          assertThat(BruteForce.isLinearizable(MODEL, excerpt(made, counterexample, true)))
              .as("seed %d: %s", seed, counterexample)
              .isTrue();
        }
      }
    }
    assertThat(illegal).isGreaterThan(HISTORIES / 100);
    assertThat(fromStart).isGreaterThan(illegal / 20);
  }

  @Test
  void theSameHistoryGivesTheSameReportWithAnyNumberOfThreads() {
    for (long seed = 0; seed < 50; seed++) {
      RandomRegister.Made made = RandomRegister.small(seed, 60);
      var one = Linearizability.check(MODEL, made.history(), Options.DEFAULT);
      var two = Linearizability.check(MODEL, made.history(), Options.DEFAULT.withParallelism(3));
      assertThat(two.verdict()).isEqualTo(one.verdict());
      assertThat(two.stats().steps()).isEqualTo(one.stats().steps());
    }
  }

  private static List<Operation<CasRegister.Input, CasRegister.Output>> excerpt(
      RandomRegister.Made made, Counterexample counterexample, boolean withoutCulprit) {
    List<Operation<CasRegister.Input, CasRegister.Output>> operations = new ArrayList<>();
    for (int id : counterexample.operations()) {
      var operation = made.history().get(id);
      boolean indefinite =
          counterexample.pending().contains(id)
              || (withoutCulprit && id == counterexample.culprit());
      operations.add(indefinite ? operation.asIndefinite() : operation);
    }
    return operations;
  }

  /// Whether zones applied.
  private static boolean checkEngines(long seed, RandomRegister.Made made, boolean expected) {
    var problem = Problem.of(MODEL, made.history().operations());
    for (CacheMode mode : CacheMode.values()) {
      compare(mode, seed, made, problem, Search.run(problem, mode, LIMITS), expected);
    }
    if (frontierIsLegal(problem) != expected) {
      throw new AssertionError("frontier, seed " + seed + ": " + made);
    }
    Optional<Zones.Result> zones = Zones.run(problem);
    zones.ifPresent(result -> compare("zones", seed, made, problem, result.found(), expected));
    return zones.isPresent();
  }

  private static void compare(
      Object engine,
      long seed,
      RandomRegister.Made made,
      Problem<?, ?, ?> problem,
      Found found,
      boolean expected) {
    if (found.status() != (expected ? Status.LEGAL : Status.ILLEGAL)) {
      throw new AssertionError(engine + ", seed " + seed + ": " + found + " of " + made);
    }
    if (expected) {
      assertLinearization(made, found.order().map(n -> problem.operations().get(n).id()));
    }
  }

  private static boolean frontierIsLegal(
      Problem<CasRegister.Value, CasRegister.Input, CasRegister.Output> problem) {
    var frontier = new Frontier<>(MODEL, MODEL.init(), LIMITS);
    for (int event : problem.events()) {
      if (event >= 0) {
        frontier.call(problem.operations().get(event));
      } else {
        var operation = problem.operations().get(~event);
        if (operation.outcome() == Outcome.OK && !frontier.ret(operation)) {
          return false;
        }
      }
    }
    return frontier.unknown() == null;
  }

  /// An order is a linearization: legal, complete, without doubles, and in agreement with time.
  private static void assertLinearization(RandomRegister.Made made, Sequence ids) {
    CasRegister.Value state = MODEL.init();
    boolean[] seen = new boolean[made.history().size()];
    long latestCall = Long.MIN_VALUE;
    for (int id : ids.toArray()) {
      var operation = made.history().get(id);
      state = MODEL.step(state, operation.input(), operation.output());
      if (state == null || seen[id] || operation.ret() < latestCall) {
        throw new AssertionError("not a linearization of " + made + ": " + ids);
      }
      seen[id] = true;
      latestCall = Math.max(latestCall, operation.call());
    }
    for (var operation : made.history().operations()) {
      if (operation.outcome() == Outcome.OK && !seen[operation.id()]) {
        throw new AssertionError("misses " + operation + ": " + ids);
      }
    }
  }
}
