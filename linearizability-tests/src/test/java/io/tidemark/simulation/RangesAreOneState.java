package io.tidemark.simulation;

import java.util.function.Consumer;

/// Each range that was read is what the replay of the log gives at one revision.
final class RangesAreOneState implements Invariant {
  @Override
  public String rule() {
    return "I11: what a range read answers is one state";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var reference = evidence.reference();
    for (ClientOperation operation : evidence.operations) {
      if (operation.asked() instanceof ClientOperation.Scan(var range, _)
          && operation.ended() instanceof ClientOperation.Read(var found, long revision)) {
        var expected = reference.scan(range, revision);
        if (!found.equals(expected)) {
          violation.accept(operation + " should have read " + expected);
        }
      }
    }
  }
}
