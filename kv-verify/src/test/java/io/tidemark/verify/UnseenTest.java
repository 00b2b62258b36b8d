package io.tidemark.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.Operation;
import io.tidemark.verify.Judgement.Verdict;
import io.tidemark.verify.KeyModel.Found;
import io.tidemark.verify.KeyModel.Get;
import io.tidemark.verify.KeyModel.Put;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many writes of unknown outcome on one key, whose effects show in how often it was written alone.
@Timeout(60)
class UnseenTest {
  private static final int WRITES = 60;

  /// So many of them took effect before the last write that was seen.
  private static final int HAPPENED = 25;

  private static Run run(long version) {
    var run = Run.good().each(o -> Notes.isOfPhase(o, Notes.END) && isGet(o) ? null : o);
    for (int i = 0; i < WRITES; i++) {
      run.add(Operation.info(300 + i, new Put("k0", "unseen" + i), 700 * Run.MILLI + i), "a", null);
    }
    run.revision = 200;
    run.add(Run.ok(60, new Put("k0", "v199"), 2_010, new KeyModel.Written(), 2_011), "a", null);
    run.add(Run.ok(61, new Get("k0"), 2_030, new Found("v199", version), 2_031), "a", Notes.END);
    run.add(Run.ok(61, new Get("k0"), 2_040, new Found("v199", version), 2_041), "b", Notes.END);
    return run;
  }

  private static boolean isGet(Operation<KeyModel.Input, KeyModel.Output> operation) {
    return operation.input() instanceof Get;
  }

  private static Judgement judge(Run run) {
    var few = Demands.withFaults();
    return run.recording().judge(few.withOptions(few.options().withMaxConfigurations(500_000)));
  }

  @Test
  void whichOfThemTookEffectNeedNotBeFoundOut() {
    // 146 of the good run were answered.
    Judgement judgement = judge(run(146 + HAPPENED + 1));

    assertThat(judgement.verdict()).as(judgement.toString()).isEqualTo(Verdict.LINEARIZABLE);
  }

  @Test
  void moreThanWereAskedForIsAViolation() {
    Judgement judgement = judge(run(146 + 4 + WRITES + 2));

    assertThat(judgement.verdict()).as(judgement.toString()).isEqualTo(Verdict.VIOLATION);
  }
}
