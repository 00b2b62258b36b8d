package io.tidemark.verify;

import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Report;
import io.tidemark.porcupine.Stats;
import io.tidemark.porcupine.visual.HtmlReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a run proves. Immutable.
public final class Judgement {
  /// What a run comes to.
  public enum Verdict {
    /// The history is linearizable, and the run was such that this means something.
    LINEARIZABLE,
    /// It is not: the database gave an answer that no order of events explains.
    VIOLATION,
    /// The run proves nothing: see the gates it did not pass.
    INVALID
  }

  private final Family family;
  private final Verdict verdict;
  private final String sentence;
  private final List<Gate.Failure> failures;
  private final Figures figures;
  private final Stats stats;
  private final HtmlReport<?, ?, ?> page;

  private Judgement(
      Family family,
      Verdict verdict,
      String sentence,
      List<Gate.Failure> failures,
      Figures figures,
      Stats stats,
      HtmlReport<?, ?, ?> page) {
    this.family = family;
    this.verdict = verdict;
    this.sentence = sentence;
    this.failures = List.copyOf(failures);
    this.figures = figures;
    this.stats = stats;
    this.page = page;
  }

  static <I, O> Judgement of(Family family, Evidence<I, O> evidence, Demands demands) {
    var failures = new ArrayList<>(Gates.failures(evidence, demands));
    var checked = evidence.mix().check(evidence.history(), demands.options());
    Report<?, I, O> report = contradicted(checked);
    boolean isViolation =
        switch (report.verdict()) {
          case io.tidemark.porcupine.Verdict.Illegal _,
              io.tidemark.porcupine.Verdict.LogDisagrees _ ->
              true;
          case io.tidemark.porcupine.Verdict.Ok _ -> false;
          case io.tidemark.porcupine.Verdict.Unknown _ -> {
            failures.add(new Gate.Failure(Gate.DECIDED, report.summary()));
            yield false;
          }
        };
    boolean isBelieved = failures.stream().noneMatch(f -> f.gate().isNeededForAViolation());
    Verdict verdict =
        isViolation && isBelieved
            ? Verdict.VIOLATION
            : failures.isEmpty() ? Verdict.LINEARIZABLE : Verdict.INVALID;
    String sentence =
        verdict == Verdict.INVALID
            ? "The run proves nothing: " + failures.getFirst().why() + "."
            : report.summary();
    return new Judgement(
        family,
        verdict,
        sentence,
        failures,
        Figures.of(evidence),
        report.stats(),
        page(report, evidence, title(family, verdict, sentence)));
  }

  /// The report, which is one of a violation if the revisions contradict the answers.
  private static <I, O> Report<?, I, O> contradicted(Mix.Checked<I, O> checked) {
    Optional<String> disagreement = checked.disagreement();
    return disagreement.isEmpty()
            || checked.report().verdict() instanceof io.tidemark.porcupine.Verdict.Illegal
        ? checked.report()
        : Mix.withVerdict(
            checked.report(),
            new io.tidemark.porcupine.Verdict.LogDisagrees(List.of(disagreement.get())));
  }

  private static String title(Family family, Verdict verdict, String sentence) {
    String name = "Tidemark, " + family.label() + " operations";
    return verdict == Verdict.INVALID ? name + ". " + sentence : name;
  }

  private static <S, I, O> HtmlReport<S, I, O> page(
      Report<S, I, O> report, Evidence<I, O> evidence, String title) {
    return HtmlReport.of(report, title)
        .withFaults(evidence.faults())
        .withLog((Operation<I, O> operation) -> Notes.number(operation, Notes.REVISION))
        .withDownload(evidence.mix().file(), evidence.history());
  }

  /// Which operations the load consisted of.
  public Family family() {
    return family;
  }

  /// What it comes to.
  public Verdict verdict() {
    return verdict;
  }

  /// Whether the run proves that what its clients saw is linearizable.
  public boolean isLinearizable() {
    return verdict == Verdict.LINEARIZABLE;
  }

  /// The verdict in one sentence, with the reason.
  public String sentence() {
    return sentence;
  }

  /// The gates that the run did not pass; a violation may come with some.
  public List<Gate.Failure> failures() {
    return failures;
  }

  /// The run in numbers.
  public Figures figures() {
    return figures;
  }

  /// What the check cost.
  public Stats stats() {
    return stats;
  }

  /// Writes a web page that shows the run, the counterexample first if there is one; replaces the
  /// file.
  ///
  /// @param command what to run to check it again
  public void writePage(Path file, String command) throws IOException {
    page.withCommand(command).write(file);
  }

  /// The verdict with the sentence, the gates that were not passed, and the figures.
  @Override
  public String toString() {
    return verdict + ": " + sentence + " " + failures + " " + figures;
  }
}
