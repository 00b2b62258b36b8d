package io.tidemark.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.Operation;
import io.tidemark.verify.Judgement.Verdict;
import io.tidemark.verify.KeyModel.Delete;
import io.tidemark.verify.KeyModel.Found;
import io.tidemark.verify.KeyModel.Get;
import io.tidemark.verify.KeyModel.Missing;
import io.tidemark.verify.KeyModel.Put;
import io.tidemark.verify.KeyModel.Swap;
import io.tidemark.verify.KeyModel.Written;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The revisions that servers tell are checked, not trusted.
@Timeout(60)
class ToldTest {
  @Test
  void answersThatAreRightWithRevisionsThatAreWrongAreAViolation() {
    var run =
        Run.good()
            .each(o -> {
              if (!o.input().equals(new Put("k0", "v20"))) {
                return o;
              }
              var notes = new HashMap<>(o.metadata());
              // That of a write that was answered long before.
              notes.put(Notes.REVISION, "3");
              return o.withMetadata(notes);
            });

    assertThat(run.judge().verdict()).isEqualTo(Verdict.VIOLATION);
    assertThat(run.judge().sentence())
        .startsWith("The log disagrees: The revisions that the servers told are not the order");
  }

  @Test
  void aDeletionOfUnknownOutcomeIsPutWhereItMustHaveBeen() {
    var run = Run.good().each(o -> Notes.isOfPhase(o, Notes.END) && isGet(o) ? null : o);
    run.revision = 200;
    run.add(Operation.info(300, new Delete("k0"), 2_000 * Run.MILLI), "a", null);
    run.add(Run.ok(60, new Get("k0"), 2_010, new Missing(), 2_011), "b", null);
    run.revision = 299;
    run.add(Run.ok(60, new Put("k0", "v298"), 2_020, new Written(), 2_021), "b", null);
    run.revision = 300;
    run.add(Run.ok(61, new Get("k0"), 2_030, new Found("v298", 1), 2_031), "a", Notes.END);
    run.add(Run.ok(61, new Get("k0"), 2_040, new Found("v298", 1), 2_041), "b", Notes.END);

    assertThat(run.judge().verdict()).as(run.judge().toString()).isEqualTo(Verdict.LINEARIZABLE);
  }

  @Test
  void aDeletionOfUnknownOutcomeIsPutBeforeAWriteOfUnknownOutcomeThatNeededIt() {
    var run = Run.good().each(o -> Notes.isOfPhase(o, Notes.END) && isGet(o) ? null : o);
    run.add(Operation.info(300, new Delete("k0"), 710 * Run.MILLI), "a", null);
    run.add(Operation.info(301, new Swap("k0", null, 0, "v298"), 712 * Run.MILLI), "b", null);
    run.revision = 300;
    run.add(Run.ok(60, new Get("k0"), 2_020, new Found("v298", 1), 2_021), "b", null);
    run.add(Run.ok(61, new Get("k0"), 2_030, new Found("v298", 1), 2_031), "a", Notes.END);
    run.add(Run.ok(61, new Get("k0"), 2_040, new Found("v298", 1), 2_041), "b", Notes.END);

    assertThat(run.judge().verdict()).as(run.judge().toString()).isEqualTo(Verdict.LINEARIZABLE);
  }

  @Test
  void aDeletionThatNobodyAskedForIsNotInvented() {
    var run = Run.good().each(o -> Notes.isOfPhase(o, Notes.END) && isGet(o) ? null : o);
    run.revision = 200;
    run.add(Run.ok(60, new Get("k0"), 2_010, new Missing(), 2_011), "b", null);

    assertThat(run.judge().verdict()).isEqualTo(Verdict.VIOLATION);
  }

  @Test
  void whereTheSearchFindsNoEndTheOrderThatWasToldIsProofEnough() {
    var tooFew = Demands.withFaults();
    tooFew = tooFew.withOptions(tooFew.options().withMaxConfigurations(1));

    assertThat(Run.good().recording().judge(tooFew).verdict()).isEqualTo(Verdict.LINEARIZABLE);
    var wrong = Run.good();
    wrong.revision = 300;
    wrong.add(Run.ok(60, new Get("k0"), 2_010, new Missing(), 2_011), "b", null);
    assertThat(wrong.recording().judge(tooFew).verdict()).isEqualTo(Verdict.INVALID);
  }

  private static boolean isGet(Operation<KeyModel.Input, KeyModel.Output> operation) {
    return operation.input() instanceof Get;
  }
}
