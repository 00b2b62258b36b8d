package io.tidemark.simulation;

import java.util.HashMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Each write took effect at the one position that its client was told.
final class RequestsTakeEffectOnce implements Invariant {
  @Override
  public String rule() {
    return "I3: a request takes effect at most once, and exactly once if it was acknowledged";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var reference = evidence.reference();
    var written = new HashMap<Integer, Set<Long>>();
    reference
        .proposals()
        .forEach((position, proposal) -> {
          var request = proposal.requestId();
          if (request.isEmpty() || position.equals(reference.effectOf(request.get()))) {
            for (int operation : Values.operationsIn(proposal.command())) {
              written.computeIfAbsent(operation, _ -> new TreeSet<>()).add(position);
            }
          }
        });
    written.forEach((operation, positions) -> {
      if (positions.size() > 1) {
        violation.accept("operation " + operation + " took effect at each of " + positions);
      }
    });
    for (ClientOperation operation : evidence.operations) {
      if (operation.asked() instanceof ClientOperation.Write(var command, var requestId)
          && operation.ended() instanceof ClientOperation.Wrote(var result)) {
        long told = Values.revisionOf(result);
        Long effect = requestId.isPresent() ? reference.effectOf(requestId.get()) : (Long) told;
        if (effect == null || effect != told) {
          violation.accept(operation + " took effect at " + effect);
        }
        Set<Long> found = written.getOrDefault(operation.id(), Set.of());
        if (!Values.operationsIn(command).isEmpty() && !found.contains(told)) {
          violation.accept(operation + " stands at " + found);
        }
      }
    }
  }
}
