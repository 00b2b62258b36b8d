package io.tidemark.simulation;

import io.tidemark.statemachine.KeyRange;
import java.util.List;
import java.util.function.Consumer;

/// A complete checkpoint has all its pieces for as long as it may be used, and holds what the log
/// gives up to its position. That all its rows are right, those of sessions among them, is for
/// [ViewsAgree] to say.
final class CheckpointsAreTheState implements Invariant {
  @Override
  public String rule() {
    return "I17: a checkpoint that may be used is whole, and is the state at its position";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    evidence.brokenCheckpoints.forEach(violation);
    var reference = evidence.reference();
    for (Evidence.Checkpoint checkpoint : evidence.checkpoints) {
      long applied = checkpoint.written().applied();
      if (applied != checkpoint.position()) {
        violation.accept(
            "the checkpoint at " + checkpoint.position() + " is of a view at " + applied);
      }
      var expected = reference.scan(KeyRange.ALL, checkpoint.position() - 1);
      var there = List.copyOf(checkpoint.written().contents().values());
      if (!there.equals(expected)) {
        violation.accept(
            "the checkpoint at "
                + checkpoint.position()
                + " holds "
                + there
                + " and should hold "
                + expected);
      }
    }
  }
}
