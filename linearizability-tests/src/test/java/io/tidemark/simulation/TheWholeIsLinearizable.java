package io.tidemark.simulation;

import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Options;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Asks Porcupine about all keys together, in runs with transactions and ranges.
final class TheWholeIsLinearizable implements Invariant {
  private static final Options OPTIONS =
      Options.DEFAULT
          .withParallelism(1)
          .withMaxConfigurations(1_000_000)
          .withTimeout(Duration.ofMinutes(1));

  @Override
  public String rule() {
    return "blind: the history of all keys together is linearizable, whatever the log says";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    if (Histories.ofSingleKeys(evidence).isPresent()) {
      return;
    }
    Histories.ofTheWhole(evidence)
        .ifPresent(history -> {
          history.problems().forEach(violation);
          // A linearization is one wherever the proposal came from; without it the search goes on.
          var report =
              Linearizability.check(
                  new WholeStore(), history, OPTIONS, TheWholeIsLinearizable::proposed);
          if (!report.isOk()) {
            violation.accept(String.valueOf(report.verdict()));
          }
        });
  }

  // In the order of the log, and each read behind the last write that it includes.
  private static OptionalLong proposed(
      Operation<WholeStore.Input, ClientOperation.Ended> operation) {
    OptionalLong position = Histories.position(operation);
    int behind = operation.input().asked() instanceof ClientOperation.Write ? 0 : 1;
    return position.isEmpty() ? position : OptionalLong.of(2 * position.getAsLong() + behind);
  }
}
