package io.tidemark.simulation;

import java.util.function.Consumer;

/// Each write was answered as the replay of the log answers it.
final class WritesAreAnsweredFromTheirPosition implements Invariant {
  @Override
  public String rule() {
    return "I9: a write is decided against the state at its own position";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var reference = evidence.reference();
    for (ClientOperation operation : evidence.operations) {
      if (operation.ended() instanceof ClientOperation.Wrote(var result)) {
        var expected = reference.result(Values.revisionOf(result));
        if (!result.equals(expected)) {
          violation.accept(operation + " should have been answered " + expected);
        }
      }
    }
  }
}
