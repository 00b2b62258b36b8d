package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogRecord;
import java.util.HashMap;
import java.util.Objects;
import java.util.function.Consumer;

/// What was read at a position is what stands there in the end, and no position is left out where
/// the log is dense.
final class EntriesNeverChange implements Invariant {
  @Override
  public String rule() {
    return "I1: positions are unique and without gaps, and an entry never changes";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var atPosition = new HashMap<Long, Bytes>();
    long expected = Log.START;
    for (LogRecord record : evidence.log) {
      boolean follows =
          evidence.isSparse ? record.position() >= expected : record.position() == expected;
      if (!follows) {
        violation.accept("the log goes on at " + record.position() + " after " + (expected - 1));
      }
      expected = record.position() + 1;
      atPosition.put(record.position(), record.payload());
    }
    for (LogRecord read : evidence.ledger.reads()) {
      if (!Objects.equals(read.payload(), atPosition.get(read.position()))) {
        violation.accept("what was read at " + read.position() + " is not there any more");
      }
    }
  }
}
