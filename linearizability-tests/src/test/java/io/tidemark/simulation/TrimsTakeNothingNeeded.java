package io.tidemark.simulation;

import io.tidemark.log.Log;
import io.tidemark.log.LogRecord;
import java.util.function.Consumer;

/// A trim takes away no more than it was asked to, nothing that a replica may still need, and
/// nothing unnoticed.
final class TrimsTakeNothingNeeded implements Invariant {
  @Override
  public String rule() {
    return "I14: a trim passes nothing that is needed, and who reads what is gone is told so";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    long point = Log.START;
    for (Evidence.Trim trim : evidence.trims) {
      if (trim.told() > trim.needed()) {
        violation.accept(trim + " took what a replica may need");
      }
      if (trim.told() < point || trim.told() > Math.max(point, trim.asked())) {
        violation.accept(trim + ", after the trim point was " + point);
      }
      point = Math.max(point, trim.told());
    }
    for (Evidence.OwnTrim trim : evidence.ownTrims) {
      if (trim.asked() > trim.allowed() || trim.told() > trim.allowedThen()) {
        violation.accept(trim + " took what two checkpoints that were verified do not cover");
      }
    }
    for (Evidence.Latecomer latecomer : evidence.latecomers) {
      for (LogRecord record : evidence.log) {
        if (!latecomer.told()
            && latecomer.from() <= record.position()
            && record.position() < latecomer.at()) {
          violation.accept(latecomer + " was not told that " + record.position() + " is gone");
          break;
        }
      }
      if (latecomer.told() && latecomer.at() <= latecomer.from()) {
        violation.accept(latecomer + " was told that what is there was trimmed");
      }
    }
  }
}
