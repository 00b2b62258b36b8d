package io.tidemark.simulation;

import io.tidemark.log.Log;
import io.tidemark.statemachine.KeyRange;
import java.util.List;
import java.util.function.Consumer;

/// Whatever was trimmed, the store of checkpoints and the rest of the log are the whole database.
final class ReplicasCanBeBuilt implements Invariant {
  @Override
  public String rule() {
    return "I19: a replica can be built from the store and the log at any moment";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var reference = evidence.reference();
    for (Evidence.Built built : evidence.built) {
      if (built.trimPoint() > built.position()) {
        violation.accept(
            "the log begins at "
                + built.trimPoint()
                + ", and the last checkpoint to be had is at "
                + built.position());
      }
      var expected = reference.scan(KeyRange.ALL, built.position() - 1);
      if (built.position() > Log.START
          && !List.copyOf(built.contents().values()).equals(expected)) {
        violation.accept(built + " should hold " + expected);
      }
    }
  }
}
