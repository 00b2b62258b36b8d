package io.tidemark.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.Outcome;
import io.tidemark.verify.Judgement.Verdict;
import io.tidemark.verify.KeyModel.Found;
import io.tidemark.verify.KeyModel.Get;
import io.tidemark.verify.KeyModel.Missing;
import io.tidemark.verify.KeyModel.Put;
import io.tidemark.verify.KeyModel.Written;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A run that proves little is invalid, and says by which gate.
@Timeout(60)
class GatesTest {
  @Test
  void aRunThatPassesEveryGateIsLinearizable() {
    Judgement judgement = Run.good().judge();

    assertThat(judgement.failures()).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.LINEARIZABLE);
    assertThat(judgement.figures().faults().getFirst().showed()).isTrue();
  }

  @Test
  void aClientWithTwoOperationsOpenIsNoClient() {
    var run = Run.good();
    run.add(Run.ok(0, new Get("k0"), 1, new Missing(), 14), "a", null);

    assertInvalidBy(Gate.SOUND_RECORD, run);
  }

  @Test
  void aKeyThatWasThereBeforeMakesTheRunInvalidAndNoViolation() {
    var run =
        Run.good()
            .each(o ->
                o.call() == -18 * Run.MILLI
                    ? Run.ok(901, o.input(), -18, new Found("old", 7), -17)
                        .withMetadata(o.metadata())
                    : o);

    assertInvalidBy(Gate.EMPTY_AT_START, run);
  }

  @Test
  void nobodyKnowsWhetherKeysWereMissingThatWereNotRead() {
    assertInvalidBy(
        Gate.EMPTY_AT_START, Run.good().each(o -> Notes.isOfPhase(o, Notes.START) ? null : o));
  }

  @Test
  void aValueThatIsWrittenTwiceHidesWhoWroteIt() {
    var run =
        Run.good()
            .each(o ->
                o.input().equals(new Put("k0", "v8"))
                    ? Run.ok(o.client(), new Put("k0", "v7"), 80, new Written(), 95)
                        .withMetadata(o.metadata())
                    : o);

    assertInvalidBy(Gate.UNIQUE_VALUES, run);
  }

  @Test
  void oneClientAloneProvesNothing() {
    var run =
        Run.good().each(o -> o.outcome() == Outcome.OK && Notes.isUnderLoad(o) ? alone(o) : o);

    assertInvalidBy(Gate.CONCURRENCY, run);
  }

  @Test
  void fewWritesProveLittle() {
    assertInvalidBy(
        Gate.ENOUGH_ACKNOWLEDGED,
        Run.good().recording().judge(Demands.withFaults().withAcknowledgedWritesMin(149)));
  }

  @Test
  void faultsAfterWhichEveryoneKnewWhatHappenedProveLittle() {
    var run = Run.good().each(o -> o.outcome() == Outcome.INFO ? failed(o) : o);

    assertInvalidBy(Gate.ENOUGH_INDEFINITE, run);
  }

  @Test
  void faultsThatNobodyInjectedShowNothing() {
    var run = Run.good();
    run.faults.clear();

    assertInvalidBy(Gate.FAULTS_SHOWED, run);
  }

  @Test
  void aKindOfFaultThatNobodyFeltIsNoFault() {
    var run = Run.good();
    // Long before the trouble begins.
    run.faults.add(new Fault(-900 * Run.MILLI, -890 * Run.MILLI, "partition", "nothing at all"));

    assertInvalidBy(Gate.FAULTS_SHOWED, run);
  }

  @Test
  void troubleAtAllTimesIsNoEffectOfAFault() {
    var run = Run.good();
    for (int i = 0; i < 300; i++) {
      // Twice as far apart as the run is long, so that few fall into the time of the fault.
      long call = 10_000 + i * 10L;
      run.add(
          Operation.failed(7, new Get("k0"), call * Run.MILLI, (call + 1) * Run.MILLI), "a", null);
    }

    assertInvalidBy(Gate.FAULTS_SHOWED, run);
  }

  @Test
  void aReplicaThatIsSilentShowsItsFaultHoweverTroubledTheRunIsOtherwise() {
    var run = Run.good();
    for (int i = 0; i < 100; i++) {
      long call = 10_000 + i * 1_000L;
      run.add(
          Operation.failed(7, new Get("k0"), call * Run.MILLI, (call + 1) * Run.MILLI), "a", null);
    }
    for (int i = 0; i < 4; i++) {
      run.add(
          Operation.failed(20 + i, new Get("k0"), 3_001 * Run.MILLI, 3_190 * Run.MILLI), "b", null);
    }
    run.faults.clear();
    run.faults.add(new Fault(3_000 * Run.MILLI, 3_200 * Run.MILLI, "kill -9", "replica b"));

    assertThat(run.judge().verdict()).isEqualTo(Verdict.LINEARIZABLE);
  }

  @Test
  void aBarrierThatWasNotWrittenLeavesTheEndOpen() {
    assertInvalidBy(
        Gate.BARRIER, Run.good().each(o -> o.input().key().equals(Mix.BARRIER) ? failed(o) : o));
  }

  @Test
  void aReplicaThatWasNotReadAtTheEndMayHoldAnything() {
    assertInvalidBy(Gate.READ_EVERYWHERE, Run.good().each(o -> o.client() == 903 ? failed(o) : o));
  }

  @Test
  void aCheckThatDidNotEndDecidesNothingWhereNoOrderWasTold() {
    assertInvalidBy(
        Gate.DECIDED,
        Run.good()
            .each(o -> o.withMetadata(without(o.metadata(), Notes.REVISION)))
            .recording()
            .judge(Demands.withFaults().withOptions(Options.DEFAULT.withMaxConfigurations(2))));
  }

  @Test
  void aViolationStaysOneInASmallRun() {
    var run =
        Run.good()
            .each(o ->
                Notes.isOfPhase(o, Notes.END) && o.client() == 903
                    ? Run.ok(903, o.input(), 1_602, new Found("v3", 4), 1_603)
                        .withMetadata(o.metadata())
                    : o);

    var judgement =
        run.recording().judge(Demands.withFaults().withAcknowledgedWritesMin(1_000_000));

    assertThat(judgement.verdict()).isEqualTo(Verdict.VIOLATION);
    assertThat(judgement.sentence()).contains("v3");
    assertThat(judgement.failures()).hasSize(1);
  }

  /// The same by the one client there is, over before anything else begins.
  private static Operation<KeyModel.Input, KeyModel.Output> alone(
      Operation<KeyModel.Input, KeyModel.Output> o) {
    long call = o.call() - (o.input() instanceof Get ? 8 * Run.MILLI : 0);
    return Operation.ok(0, o.input(), call, o.output(), call + 1).withMetadata(o.metadata());
  }

  private static Operation<KeyModel.Input, KeyModel.Output> failed(
      Operation<KeyModel.Input, KeyModel.Output> o) {
    return Operation.<KeyModel.Input, KeyModel.Output>failed(
            o.client(), o.input(), o.call(), o.call() + Run.MILLI)
        .withMetadata(new HashMap<>(o.metadata()));
  }

  private static Map<String, String> without(Map<String, String> notes, String name) {
    var others = new HashMap<>(notes);
    others.remove(name);
    return others;
  }

  private static void assertInvalidBy(Gate gate, Run run) {
    assertInvalidBy(gate, run.judge());
  }

  private static void assertInvalidBy(Gate gate, Judgement judgement) {
    assertThat(judgement.verdict()).as(judgement.toString()).isEqualTo(Verdict.INVALID);
    assertThat(judgement.failures()).extracting(Gate.Failure::gate).contains(gate);
    assertThat(judgement.sentence()).startsWith("The run proves nothing: ");
  }
}
