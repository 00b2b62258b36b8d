package io.tidemark.simulation;

import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.model.VersionedKv;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// Asks Porcupine, key by key, in runs whose writes are of one key each.
final class KeysAreLinearizable implements Invariant {
  @Override
  public String rule() {
    return "blind: the history of every key is linearizable, whatever the system says of itself";
  }

  private static final Options OPTIONS =
      Options.DEFAULT
          .withParallelism(1)
          .withMaxConfigurations(1_000_000)
          .withTimeout(Duration.ofMinutes(1));

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    Optional<History<VersionedKv.Input, VersionedKv.Output>> history =
        Histories.ofSingleKeys(evidence);
    if (history.isEmpty()) {
      return;
    }
    history.get().problems().forEach(violation);
    var report = Linearizability.check(new VersionedKv().toModel(), history.get(), OPTIONS);
    if (!report.isOk()) {
      violation.accept(String.valueOf(report.verdict()));
    }
  }
}
