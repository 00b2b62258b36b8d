package io.tidemark.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.Engine;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.model.Transactions;
import io.tidemark.porcupine.model.Transactions.Input;
import io.tidemark.porcupine.model.Transactions.Output;
import io.tidemark.porcupine.model.Transactions.Value;
import io.tidemark.verify.Judgement.Verdict;
import io.tidemark.verify.KeyModel.Delete;
import io.tidemark.verify.KeyModel.Deleted;
import io.tidemark.verify.KeyModel.Found;
import io.tidemark.verify.KeyModel.Get;
import io.tidemark.verify.KeyModel.Put;
import io.tidemark.verify.KeyModel.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Harnesses that are broken on purpose. A mistake in a harness either makes an honest run look bad
/// or a bad one good; here is one of each kind, and what notices it.
@Timeout(60)
class BrokenHarnessTest {
  @Test
  void returnsThatAreStampedBeforeTheAnswerIsReadMakeAnHonestRunRed() {
    var run =
        Run.good()
            .each(o ->
                o.outcome() == Outcome.OK && Notes.isUnderLoad(o)
                    ? Operation.ok(o.client(), o.input(), o.call(), o.output(), o.call())
                        .withMetadata(o.metadata())
                    : o);

    assertThat(run.judge().isLinearizable()).isFalse();
  }

  @Test
  void anUnknownOutcomeThatIsRecordedAsAFailureMakesAnHonestRunRed() {
    var honest = withAnEffectOfUnknownOutcome().judge();
    assertThat(honest.verdict()).as(honest.toString()).isEqualTo(Verdict.LINEARIZABLE);

    var broken =
        withAnEffectOfUnknownOutcome()
            .each(o ->
                o.outcome() == Outcome.INFO
                    ? Operation.<KeyModel.Input, KeyModel.Output>failed(
                            o.client(), o.input(), o.call(), o.call() + Run.MILLI)
                        .withMetadata(o.metadata())
                    : o);

    assertThat(broken.judge().verdict()).isEqualTo(Verdict.VIOLATION);
    assertThat(broken.judge().failures())
        .extracting(Gate.Failure::gate)
        .contains(Gate.ENOUGH_INDEFINITE);
  }

  @Test
  void errorsThatAreDroppedLeaveNothingOfAClusterThatDidNothing() {
    // Every write but a few was refused: what is left of it is in order.
    var refused =
        Run.good()
            .each(o ->
                o.input() instanceof Put && Notes.isUnderLoad(o) && o.call() > 20 * Run.MILLI
                    ? Operation.<KeyModel.Input, KeyModel.Output>failed(
                            o.client(), o.input(), o.call(), o.call() + Run.MILLI)
                        .withMetadata(o.metadata())
                    : o)
            .each(o -> o.input() instanceof Get && o.call() > 20 * Run.MILLI ? null : o);
    var broken = refused.each(o -> o.outcome() == Outcome.OK ? o : null);

    assertThat(isLinearizable(broken)).isTrue();
    assertThat(broken.judge().verdict()).isEqualTo(Verdict.INVALID);
    assertThat(broken.judge().failures())
        .extracting(Gate.Failure::gate)
        .contains(Gate.ENOUGH_ACKNOWLEDGED, Gate.ENOUGH_INDEFINITE);
  }

  @Test
  void errorsThatAreDroppedMakeAnHonestRunRedIfOneHadAnEffect() {
    var broken = withAnEffectOfUnknownOutcome().each(o -> o.outcome() == Outcome.OK ? o : null);

    assertThat(broken.judge().verdict()).isEqualTo(Verdict.VIOLATION);
  }

  @Test
  void aTornTransactionIsGreenToACheckByKeyAndRedToOurs() {
    var torn =
        List.of(
            told(
                0,
                10,
                20,
                Input.of(put("k1", "1"), put("k2", "2")),
                new Output(true, List.of()),
                5),
            // Half of it is there.
            told(1, 30, 40, get("k1"), new Output(true, List.of(new Value("1"))), 6),
            told(2, 50, 60, get("k2"), new Output(true, List.of(new Value(null))), 6),
            told(3, 70, 80, get("k2"), new Output(true, List.of(new Value("2"))), 7));

    assertThat(isLinearizableByKey(torn)).isFalse();
    var bothPending = new ArrayList<>(torn);
    // Whether it happened is not known; each key alone could have been written when it suits.
    bothPending.set(0, torn.getFirst().asIndefinite());
    assertThat(isLinearizableByKey(bothPending)).isTrue();

    var checked = new MultiKey().check(History.of(bothPending), Options.DEFAULT);

    assertThat(checked.report().counterexample()).isPresent();
  }

  @Test
  void aFaultThatIsOnlyAnnouncedIsNoFault() {
    var run = Run.good();
    var announced = List.copyOf(run.faults);
    // Nothing happens: all outcomes are known, and soon.
    run.each(o -> o.outcome() == Outcome.INFO ? null : o);
    assertThat(run.recording().judge(Demands.withoutFaults()).verdict())
        .isEqualTo(Verdict.LINEARIZABLE);
    assertThat(run.faults).isEqualTo(announced);

    assertThat(run.judge().verdict()).isEqualTo(Verdict.INVALID);
    assertThat(run.judge().failures())
        .extracting(Gate.Failure::gate)
        .contains(Gate.FAULTS_SHOWED, Gate.ENOUGH_INDEFINITE);
  }

  @Test
  void oneClientSeesNoStaleRead() {
    // Another replica would have answered from an old state, but the one client never asked it.
    var run =
        Run.good().each(o -> o.outcome() == Outcome.OK && Notes.isUnderLoad(o) ? alone(o) : o);

    assertThat(isLinearizable(run)).isTrue();
    assertThat(run.judge().failures()).extracting(Gate.Failure::gate).contains(Gate.CONCURRENCY);
  }

  @Test
  void aStaleReadOfAValueThatWasWrittenTwiceLooksFresh() {
    var unique = staleRead("again");
    assertThat(isLinearizable(unique)).isFalse();

    var repeated = staleRead("v149");
    assertThat(isLinearizable(repeated)).isTrue();
    assertThat(repeated.judge().verdict()).isEqualTo(Verdict.INVALID);
    assertThat(repeated.judge().failures())
        .extracting(Gate.Failure::gate)
        .contains(Gate.UNIQUE_VALUES);
  }

  @Test
  void aCheckThatDidNotEndIsGreenToWhoeverOnlyLooksForACounterexample() {
    Run stale = staleRead("again");
    Options few = Options.DEFAULT.withMaxConfigurations(2);
    var cutOff =
        Linearizability.check(
            new KeyModel(), History.of(stale.operations), few.withEngine(Engine.SEARCH));

    assertThat(cutOff.counterexample()).isEmpty();
    assertThat(cutOff.isOk()).isFalse();
    var judged = stale.recording().judge(Demands.withFaults().withOptions(few));
    assertThat(judged.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(judged.failures()).extracting(Gate.Failure::gate).contains(Gate.DECIDED);
    assertThat(stale.judge().verdict()).isEqualTo(Verdict.VIOLATION);
  }

  /// The key is deleted and written again, and then read as it was before.
  private static Run staleRead(String rewritten) {
    var run = Run.good().each(o -> Notes.isOfPhase(o, Notes.END) ? null : o);
    run.add(Run.ok(60, new Delete("k0"), 2_000, new Deleted(true), 2_001), "a", null);
    run.add(Run.ok(60, new Put("k0", "v149"), 2_002, new Written(), 2_003), "a", null);
    run.each(o -> o.input().equals(new Put("k0", "v149")) && o.client() != 60 ? null : o);
    run.add(Run.ok(60, new Delete("k0"), 2_004, new Deleted(true), 2_005), "a", null);
    run.add(Run.ok(60, new Put("k0", rewritten), 2_006, new Written(), 2_007), "a", null);
    run.add(Run.ok(61, new Get("k0"), 2_008, new Found("v149", 1), 2_009), "b", null);
    run.each(o ->
        o.input() instanceof Get
                && Notes.isUnderLoad(o)
                && o.call() > 1_480 * Run.MILLI
                && o.client() != 61
            ? null
            : o);
    return run;
  }

  /// One of the writes of unknown outcome was seen by a reader.
  private static Run withAnEffectOfUnknownOutcome() {
    var run =
        Run.good()
            .each(o ->
                o.call() > 700 * Run.MILLI
                        && o.outcome() == Outcome.OK
                        && Notes.isUnderLoad(o)
                        && !(o.input() instanceof Put)
                    ? null
                    : o)
            .each(o -> Notes.isOfPhase(o, Notes.END) && o.input() instanceof Get ? null : o);
    run.revision = 200;
    run.add(Run.ok(50, new Delete("k0"), 2_000, new Deleted(true), 2_001), "a", null);
    run.add(Operation.info(200, new Put("k0", "v298"), 2_002 * Run.MILLI), "a", null);
    run.revision = 300;
    run.add(Run.ok(51, new Get("k0"), 2_010, new Found("v298", 1), 2_011), "b", null);
    for (String replica : List.of("a", "b")) {
      run.add(
          Run.ok(
              52,
              new Get("k0"),
              replica.equals("a") ? 2_020 : 2_030,
              new Found("v298", 1),
              replica.equals("a") ? 2_021 : 2_031),
          replica,
          Notes.END);
    }
    return run;
  }

  private static Operation<KeyModel.Input, KeyModel.Output> alone(
      Operation<KeyModel.Input, KeyModel.Output> o) {
    long call = o.call() - (o.input() instanceof Get ? 8 * Run.MILLI : 0);
    return Operation.ok(0, o.input(), call, o.output(), call + 1).withMetadata(o.metadata());
  }

  private static boolean isLinearizable(Run run) {
    return Linearizability.check(
            new KeyModel(), History.of(run.operations), Options.DEFAULT.withEngine(Engine.SEARCH))
        .isOk();
  }

  /// What a check would say that looks at each key on its own.
  private static boolean isLinearizableByKey(List<Operation<Input, Output>> history) {
    return List.of("k1", "k2").stream()
        .allMatch(key ->
            Linearizability.check(
                    new Transactions(),
                    History.of(
                        history.stream()
                            .filter(o -> o.input().then().toString().contains("key=" + key))
                            .map(o -> only(o, key))
                            .toList()),
                    Options.DEFAULT)
                .isOk());
  }

  private static Operation<Input, Output> only(Operation<Input, Output> o, String key) {
    var steps = o.input().then().stream().filter(s -> s.toString().contains("key=" + key)).toList();
    return new Operation<>(
        o.id(),
        o.client(),
        new Input(List.of(), steps, List.of()),
        o.output(),
        o.call(),
        o.ret(),
        o.outcome(),
        o.metadata());
  }

  private static Transactions.Step put(String key, String value) {
    return new Transactions.Put(key, value);
  }

  private static Input get(String key) {
    return Input.of(new Transactions.Get(key));
  }

  private static Operation<Input, Output> told(
      int client, long call, long ret, Input input, Output output, long revision) {
    return Operation.ok(client, input, call, output, ret)
        .withMetadata(Map.of(Notes.REVISION, Long.toString(revision)));
  }
}
