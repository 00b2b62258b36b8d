package io.tidemark.simulation;

import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.model.VersionedKv;
import io.tidemark.porcupine.visual.HtmlReport;
import io.tidemark.simulation.Simulation.Outcome;
import io.tidemark.simulation.Simulation.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The history of a run that broke a rule, as a page to look at: what clients asked and were told,
/// the faults, and the log.
final class FailurePage {
  private static final Path FOLDER = Path.of("target", "simulation");

  private static final Options OPTIONS =
      Options.DEFAULT
          .withParallelism(1)
          .withMaxConfigurations(1_000_000)
          .withTimeout(Duration.ofMinutes(1));

  private FailurePage() {}

  /// Writes the page of this run, and returns where it is; nothing for a run that broke off before
  /// there was a history that a checker could take.
  static Optional<Path> write(Ran ran) throws IOException {
    Optional<String> page =
        Histories.ofSingleKeys(ran.evidence())
            .map(history -> page(new VersionedKv().toModel(), history, ran.outcome()))
            .or(() ->
                Histories.ofTheWhole(ran.evidence())
                    .map(history -> page(new WholeStore(), history, ran.outcome())));
    if (page.isEmpty()) {
      return Optional.empty();
    }
    Files.createDirectories(FOLDER);
    return Optional.of(Files.writeString(fileOf(ran.outcome().what()), page.get()));
  }

  /// Where the page of this world is, if there is one.
  static Path fileOf(Case what) {
    String bug = what.bug().name().isEmpty() ? "" : "-" + what.bug().name();
    return FOLDER.resolve("seed-" + what.seed() + bug + ".html");
  }

  private static <S, I, O> String page(Model<S, I, O> model, History<I, O> history, Outcome run) {
    String title =
        run.violations().isEmpty() ? "seed " + run.what().seed() : run.violations().getFirst();
    return HtmlReport.of(Linearizability.check(model, history, OPTIONS), title)
        .withCommand(run.what().command())
        .withFaults(
            run.deeds().stream()
                .map(deed ->
                    new Fault(
                        deed.fromNanos(), deed.toNanos(), deed.fault().name(), deed.toString()))
                .toList())
        .withLog(Histories::position)
        .page();
  }
}
