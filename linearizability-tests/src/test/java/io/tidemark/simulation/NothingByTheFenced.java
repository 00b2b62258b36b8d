package io.tidemark.simulation;

import io.tidemark.log.LogRecord;
import io.tidemark.statemachine.ProposalCodec;
import java.util.function.Consumer;

/// While the log is fenced, nothing enters it but what its owner appends.
final class NothingByTheFenced implements Invariant {
  @Override
  public String rule() {
    return "I7: nothing by a fenced writer stands behind the fence";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    for (Evidence.Fence fence : evidence.fences) {
      for (LogRecord record : evidence.log) {
        if (fence.from() <= record.position()
            && record.position() < fence.to()
            && ProposalCodec.decode(record.payload()).proposer() != Operator.PROPOSER) {
          violation.accept("somebody else wrote at " + record.position() + " in spite of " + fence);
        }
      }
    }
  }
}
