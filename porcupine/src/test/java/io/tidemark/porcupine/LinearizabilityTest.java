package io.tidemark.porcupine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.porcupine.model.CasRegister;
import io.tidemark.porcupine.model.Register;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  private static final Register MODEL = new Register();

  private static final Options SEARCH = Options.DEFAULT.withEngine(Engine.SEARCH);

  @Test
  void anEmptyHistoryIsLinearizable() {
    var report = Linearizability.check(MODEL, History.of(List.of()), Options.DEFAULT);
    assertThat(report.isOk()).isTrue();
    assertThat(report.partitions()).isEmpty();
  }

  @Test
  void anIllegalKeyIsFoundAmongManyWithAnyNumberOfThreads() {
    List<Operation<Register.Input, Register.Output>> operations = new ArrayList<>();
    for (int key = 0; key < 50; key++) {
      operations.add(write(key, "k" + key, "a", 10, 20));
      operations.add(read(key, "k" + key, key == 31 ? "b" : "a", 30, 40));
    }
    for (int threads : new int[] {1, 2, 4}) {
      var report =
          Linearizability.check(
              MODEL, History.of(operations), Options.DEFAULT.withParallelism(threads));
      assertThat(report.counterexample().orElseThrow().partition()).isEqualTo("k31");
      assertThat(report.summary())
          .isEqualTo(
              "Not linearizable: read k31 → b (operation 81 of client 31) answered with a value"
                  + " that nobody ever wrote.");
    }
  }

  @Test
  void theCounterexampleOfAStaleReadNamesWhatCameBetween() {
    var history = stale();
    var byZones = Linearizability.check(MODEL, history, Options.DEFAULT);
    assertThat(byZones.stats().byZones()).isEqualTo(1);
    assertThat(byZones.counterexample().orElseThrow().operations()).hasSize(3);
    assertThat(byZones.summary())
        .contains("read k → 41 (operation 50")
        .contains("began after write k = 42")
        .contains("had returned, so its value was replaced and came back.");
    var bySearch = Linearizability.check(MODEL, history, SEARCH);
    assertThat(bySearch.stats().bySearch()).isEqualTo(1);
    assertThat(bySearch.summary())
        .isEqualTo(
            "Not linearizable: read k → 41 (operation 50 of client 7) is impossible: when it was"
                + " called the state could only be 49.");
    assertThat(bySearch.counterexample().orElseThrow().operations()).containsExactly(50);
    assertThat(bySearch.counterexample().orElseThrow().explained().size()).isEqualTo(50);
  }

  @Test
  void tooManyConfigurationsGiveUnknownWithTheReason() {
    var made = RandomRegister.legal(3, 12, 3000);
    for (CacheMode cache : CacheMode.values()) {
      var report =
          Linearizability.check(
              new CasRegister(),
              made.history(),
              SEARCH.withCache(cache).withMaxConfigurations(1000));
      assertThat(report.verdict())
          .isEqualTo(new Verdict.Unknown(UnknownReason.CONFIGURATION_LIMIT, ""));
      assertThat(report.stats().configurations()).isLessThanOrEqualTo(1001);
      assertThat(report.isOk()).isFalse();
    }
  }

  @Test
  void aDeadlineGivesUnknownEvenIfTheModelIsSlow() {
    var report =
        Linearizability.check(new Slow(), stale(), SEARCH.withTimeout(Duration.ofMillis(20)));
    assertThat(report.verdict()).isEqualTo(new Verdict.Unknown(UnknownReason.TIMEOUT, ""));
  }

  @Test
  void aModelThatEatsTheHeapGivesUnknown() {
    var report = Linearizability.check(new Hungry(), stale(), SEARCH);
    assertThat(report.verdict()).isEqualTo(new Verdict.Unknown(UnknownReason.OUT_OF_MEMORY, ""));
  }

  @Test
  void anEngineThatDoesNotApplySaysSo() {
    var twice = History.of(List.of(write(0, "k", "a", 10, 20), write(0, "k", "a", 30, 40)));
    var zones = Linearizability.check(MODEL, twice, Options.DEFAULT.withEngine(Engine.ZONES));
    assertThat(zones.verdict())
        .isEqualTo(new Verdict.Unknown(UnknownReason.ENGINE_NOT_APPLICABLE, "k"));
    var witness = Linearizability.check(MODEL, twice, Options.DEFAULT.withEngine(Engine.WITNESS));
    assertThat(witness.verdict())
        .isEqualTo(new Verdict.Unknown(UnknownReason.ENGINE_NOT_APPLICABLE, "k"));
    assertThat(Linearizability.check(MODEL, twice, Options.DEFAULT).isOk()).isTrue();
  }

  @Test
  void aWitnessThatLiesIsReportedAndNotBelieved() {
    var history = History.of(List.of(write(0, "k", "a", 10, 20), write(1, "k", "b", 30, 40)));
    Witness<Register.Input, Register.Output> backwards = o -> OptionalLong.of(-o.id());
    var report = Linearizability.check(MODEL, history, Options.DEFAULT, backwards);
    assertThat(report.isOk()).isTrue();
    assertThat(report.witnessRefusals())
        .containsExactly(
            "write k = b (operation 1) began after write k = a (operation 0) had returned, but"
                + " comes before it in the order");
    Witness<Register.Input, Register.Output> incomplete = o -> OptionalLong.empty();
    assertThat(Linearizability.check(MODEL, history, Options.DEFAULT, incomplete).witnessRefusals())
        .containsExactly("the order does not contain write k = a (operation 0)");
  }

  @Test
  void theWitnessComparesWithTheLatestOfAllThatReturned() {
    // The operation with the greatest key returns first; a later return of a smaller key must not
    // make it forgotten.
    var history =
        History.of(
            List.of(
                write(0, "k", "a", 10, 20),
                write(1, "k", "b", 10, 30),
                write(2, "k", "c", 40, 50)));
    Map<Integer, Long> keys = Map.of(0, 3L, 1, 1L, 2, 2L);
    var report =
        Linearizability.check(
            MODEL,
            history,
            Options.DEFAULT.withEngine(Engine.WITNESS),
            o -> OptionalLong.of(keys.getOrDefault(o.id(), 0L)));
    assertThat(report.isOk()).isFalse();
    assertThat(report.witnessRefusals()).singleElement().asString().contains("operation 2");
    assertThat(passesASweepThatForgetsTheGreatest(history, keys)).isTrue();
  }

  /// The sweep as it must not be: a call is compared with what returned last before it.
  private static boolean passesASweepThatForgetsTheGreatest(
      History<Register.Input, Register.Output> history, Map<Integer, Long> keys) {
    return history.operations().stream()
        .allMatch(called ->
            history.operations().stream()
                .filter(returned -> returned.ret() < called.call())
                .max(Comparator.comparingLong(Operation::ret))
                .map(last -> keys.getOrDefault(called.id(), 0L) >= keys.getOrDefault(last.id(), 0L))
                .orElse(true));
  }

  @Test
  void aWitnessWithTheTrueOrderProvesWhatNoEngineNeedsToSearch() {
    var made = RandomRegister.legal(5, 8, 500);
    var report =
        Linearizability.check(new CasRegister(), made.history(), Options.DEFAULT, made.witness());
    assertThat(report.isOk()).isTrue();
    assertThat(report.stats().byWitness()).isEqualTo(1);
    assertThat(report.stats().steps()).isEqualTo(500);
  }

  @Test
  void aNondeterministicModelIsIllegalOnlyIfNoWayLeadsOn() {
    Model<Set<Integer>, String, Integer> coin = new Coin().toModel();
    assertThat(coinReads(coin, 0, 5, 10)).isTrue();
    assertThat(coinReads(coin, 0, 5, 5)).isTrue();
    assertThat(coinReads(coin, 0, 5, 0)).isFalse();
    assertThat(coinReads(coin, 0, 7)).isFalse();
    assertThat(coin.describeState(Set.of(5, 0))).isEqualTo("0 or 5");
  }

  @Test
  void indefiniteWritesThatNobodyReadCostNothing() {
    List<Operation<Register.Input, Register.Output>> operations = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      operations.add(Operation.info(100 + i, new Register.Write("k", "lost"), 10L * i));
      operations.add(write(0, "k", String.valueOf(i % 3), 10L * i, 10L * i + 5));
    }
    operations.add(read(0, "k", "0", 5000, 5001));
    var report = Linearizability.check(MODEL, History.of(operations), SEARCH);
    assertThat(report.verdict()).as(report.summary()).isInstanceOf(Verdict.Illegal.class);
    assertThat(report.stats().steps()).isLessThan(1000);
    operations.set(400, read(0, "k", "lost", 5000, 5001));
    assertThat(Linearizability.check(MODEL, History.of(operations), SEARCH).isOk()).isTrue();
  }

  @Test
  void anIndefiniteOperationThatCannotHappenDidNot() {
    var taken =
        History.of(
            List.of(
                Operation.ok(0, "take", 10, "taken", 20),
                Operation.<String, String>info(1, "take", 5)));
    for (CacheMode cache : CacheMode.values()) {
      assertThat(Linearizability.check(new Once(), taken, SEARCH.withCache(cache)).isOk()).isTrue();
    }
  }

  @Test
  void limitsThatAreNoneAreRefused() {
    assertThatThrownBy(() -> Options.DEFAULT.withMaxConfigurations(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Options.DEFAULT.withParallelism(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Options.DEFAULT.withTimeout(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static boolean coinReads(Model<Set<Integer>, String, Integer> coin, int... values) {
    List<Operation<String, Integer>> operations = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      operations.add(Operation.ok(0, "toss and read", 10L * i, values[i], 10L * i + 5));
    }
    return Linearizability.check(coin, History.of(operations), Options.DEFAULT).isOk();
  }

  private static History<Register.Input, Register.Output> stale() {
    List<Operation<Register.Input, Register.Output>> operations = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      operations.add(write(i % 5, "k", String.valueOf(i), 10L * i, 10L * i + 5));
    }
    operations.add(read(7, "k", "41", 1000, 1001));
    return History.of(operations);
  }

  private static Operation<Register.Input, Register.Output> write(
      int client, String key, String value, long call, long ret) {
    return Operation.ok(client, new Register.Write(key, value), call, new Register.Written(), ret);
  }

  private static Operation<Register.Input, Register.Output> read(
      int client, String key, String value, long call, long ret) {
    return Operation.ok(client, new Register.Read(key), call, new Register.Value(value), ret);
  }

  /// Each toss may add five.
  private static final class Coin implements NondeterministicModel<Integer, String, Integer> {
    @Override
    public List<Integer> init() {
      return List.of(0);
    }

    @Override
    public List<Integer> step(Integer state, String input, @Nullable Integer output) {
      List<Integer> after = new ArrayList<>(List.of(state, state + 5));
      after.removeIf(value -> output != null && !value.equals(output));
      return after;
    }
  }

  /// Can be taken once, whatever is answered.
  private static final class Once implements Model<Boolean, String, String> {
    @Override
    public Boolean init() {
      return false;
    }

    @Override
    public @Nullable Boolean step(Boolean taken, String input, @Nullable String output) {
      return taken ? null : true;
    }
  }

  /// Never finishes a step, but looks at its context.
  private static final class Slow implements Model<String, Register.Input, Register.Output> {
    @Override
    public String init() {
      return "";
    }

    @Override
    public String step(String state, Register.Input input, Register.@Nullable Output output) {
      return state;
    }

    @Override
    public String step(
        String state, Register.Input input, Register.@Nullable Output output, StepContext context) {
      while (!context.stopped()) {
        Thread.onSpinWait();
      }
      return state;
    }
  }

  /// Asks for more than any heap has.
  private static final class Hungry implements Model<String, Register.Input, Register.Output> {
    @Override
    public String init() {
      return "";
    }

    @Override
    public String step(String state, Register.Input input, Register.@Nullable Output output) {
      return state + new long[Integer.MAX_VALUE - 8].length;
    }
  }
}
