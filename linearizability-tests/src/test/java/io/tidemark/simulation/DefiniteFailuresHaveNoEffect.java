package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import java.util.HashMap;
import java.util.function.Consumer;

/// Neither an append that was *not appended* nor a write that failed is in the log.
final class DefiniteFailuresHaveNoEffect implements Invariant {
  @Override
  public String rule() {
    return "I8: what failed for certain is never found in the log";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var payloads = new HashMap<Bytes, Long>();
    evidence.log.forEach(record -> payloads.put(record.payload(), record.position()));
    for (LogLedger.Attempt attempt : evidence.ledger.attempts()) {
      if (attempt.ending() == LogLedger.Ending.NOT_APPENDED) {
        for (Bytes record : attempt.records()) {
          Long position = payloads.get(record);
          if (position != null) {
            violation.accept("a record that was not appended stands at " + position);
          }
        }
      }
    }
    var written = new HashMap<Integer, Long>();
    evidence
        .reference()
        .proposals()
        .forEach((position, proposal) ->
            Values.operationsIn(proposal.command())
                .forEach(operation -> written.put(operation, position)));
    for (ClientOperation operation : evidence.operations) {
      if (operation.ended() instanceof ClientOperation.Failed) {
        Long position = written.get(operation.id());
        if (position != null) {
          violation.accept(operation + " stands at " + position);
        }
      }
    }
  }
}
