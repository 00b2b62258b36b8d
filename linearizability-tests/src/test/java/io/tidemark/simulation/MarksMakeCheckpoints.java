package io.tidemark.simulation;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/// Nothing but a mark that took effect makes a checkpoint, and it makes one at most.
final class MarksMakeCheckpoints implements Invariant {
  @Override
  public String rule() {
    return "I18: a checkpoint is made at a mark that took effect, and one at most";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    Set<Long> marks = evidence.reference().marks();
    var made = new HashSet<Long>();
    for (Evidence.Checkpoint checkpoint : evidence.checkpoints) {
      if (!marks.contains(checkpoint.position() - 1)) {
        violation.accept("no mark took effect before " + checkpoint.position());
      }
      if (!made.add(checkpoint.position())) {
        violation.accept("there were two checkpoints at " + checkpoint.position());
      }
    }
  }
}
