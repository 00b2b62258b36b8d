package io.tidemark.simulation;

import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Options;
import java.time.Duration;
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
          var report = Linearizability.check(new WholeStore(), history, OPTIONS);
          if (!report.isOk()) {
            violation.accept(String.valueOf(report.verdict()));
          }
        });
  }
}
