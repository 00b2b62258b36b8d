package io.tidemark.simulation;

import io.tidemark.log.Appended;
import java.util.function.Consumer;

/// A sealed log ends where sealing said.
final class NothingAfterTheSeal implements Invariant {
  @Override
  public String rule() {
    return "I7: nothing enters the log after the position at which it was sealed";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    if (!evidence.log.isEmpty()) {
      long tail = evidence.log.getLast().position() + 1;
      if (tail > evidence.sealedTail || (!evidence.isSparse && tail != evidence.sealedTail)) {
        violation.accept("sealed at " + evidence.sealedTail + ", the log ends at " + tail);
      }
    }
    for (LogLedger.Attempt attempt : evidence.ledger.attempts()) {
      Appended where = attempt.where();
      if (where != null && where.next() > evidence.sealedTail) {
        violation.accept(where + " was acknowledged beyond " + evidence.sealedTail);
      }
    }
  }
}
