package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/// An append, however it ended, is in the log once and whole, or not at all. Records are unique:
/// each carries its proposer and an ordinal.
final class BatchesAreWholeAndOnce implements Invariant {
  @Override
  public String rule() {
    return "contract of append: what the log holds was appended, in order, whole, at most once";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var positions = new HashMap<Bytes, List<Long>>();
    for (LogRecord record : evidence.log) {
      positions.computeIfAbsent(record.payload(), _ -> new ArrayList<>()).add(record.position());
    }
    var appended = new HashSet<Bytes>();
    evidence.ledger.attempts().forEach(attempt -> appended.addAll(attempt.records()));
    positions.forEach((payload, found) -> {
      if (!appended.contains(payload)) {
        violation.accept("nobody appended what stands at " + found);
      }
    });
    for (LogLedger.Attempt attempt : evidence.ledger.attempts()) {
      List<Long> first = positions.getOrDefault(attempt.records().getFirst(), List.of());
      for (int i = 0; i < attempt.records().size(); i++) {
        List<Long> found = positions.getOrDefault(attempt.records().get(i), List.of());
        if (found.size() > 1) {
          violation.accept("an append stands in the log at each of " + found);
        }
        int place = i;
        if (!found.equals(first.stream().map(position -> position + place).toList())) {
          violation.accept("an append from " + first + " has its record " + i + " at " + found);
        }
      }
    }
  }
}
