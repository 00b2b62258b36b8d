package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import java.util.HashMap;
import java.util.Objects;
import java.util.function.Consumer;

/// The records of an acknowledged append stand, in the end, where they were said to stand.
final class AcknowledgedAppendsStay implements Invariant {
  @Override
  public String rule() {
    return "I2: an append that was acknowledged stays in the log for ever";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var atPosition = new HashMap<Long, Bytes>();
    evidence.log.forEach(record -> atPosition.put(record.position(), record.payload()));
    for (LogLedger.Attempt attempt : evidence.ledger.attempts()) {
      Appended where = attempt.where();
      if (where == null) {
        continue;
      }
      long position = where.first();
      for (Bytes record : attempt.records()) {
        if (!Objects.equals(record, atPosition.get(position))) {
          violation.accept("the record acknowledged at " + position + " is lost");
        }
        position++;
      }
      if (position > where.next() || (!evidence.isSparse && position != where.next())) {
        violation.accept("an append of " + attempt.records().size() + " was told " + where);
      }
    }
  }
}
