package io.tidemark.verify;

import io.tidemark.porcupine.Report;
import java.util.List;
import java.util.Optional;

/// What a run proves.
///
/// @param verdict what it comes to
/// @param sentence the same in one sentence, with the reason
/// @param failures the gates that the run did not pass; a violation may come with some
/// @param figures the run in numbers
/// @param report what the checker found
/// @param faults what was done to the cluster
public record Judgement(
    Verdict verdict,
    String sentence,
    List<Gate.Failure> failures,
    Figures figures,
    Report<?, ?, ?> report,
    List<io.tidemark.porcupine.visual.Fault> faults) {
  /// What a run comes to.
  public enum Verdict {
    /// The history is linearizable, and the run was such that this means something.
    LINEARIZABLE,
    /// It is not: the database gave an answer that no order of events explains.
    VIOLATION,
    /// The run proves nothing: see the gates it did not pass.
    INVALID
  }

  /// Copies the lists.
  public Judgement {
    failures = List.copyOf(failures);
    faults = List.copyOf(faults);
  }

  /// Whether the run proves that what its clients saw is linearizable.
  public boolean isLinearizable() {
    return verdict == Verdict.LINEARIZABLE;
  }

  /// The verdict with the sentence, the gates that were not passed, and the figures.
  @Override
  public String toString() {
    return verdict + ": " + sentence + " " + failures + " " + figures;
  }

  static <I, O> Judgement of(Evidence<I, O> evidence, Demands demands) {
    var failures = new java.util.ArrayList<>(Gates.failures(evidence, demands));
    var checked = evidence.mix().check(evidence.history(), demands.options());
    var report = checked.report();
    Optional<String> violation = violation(checked);
    boolean isDecided = violation.isPresent() || report.isOk();
    if (!isDecided) {
      failures.add(new Gate.Failure(Gate.DECIDED, report.summary()));
    }
    boolean isBelieved = failures.stream().noneMatch(f -> f.gate().isNeededForAViolation());
    Figures figures = Figures.of(evidence);
    if (violation.isPresent() && isBelieved) {
      return new Judgement(
          Verdict.VIOLATION, violation.get(), failures, figures, report, evidence.faults());
    } else if (!failures.isEmpty()) {
      return new Judgement(
          Verdict.INVALID,
          "The run proves nothing: " + failures.getFirst().why() + ".",
          failures,
          figures,
          report,
          evidence.faults());
    }
    return new Judgement(
        Verdict.LINEARIZABLE, report.summary(), failures, figures, report, evidence.faults());
  }

  private static Optional<String> violation(Mix.Checked<?, ?> checked) {
    return switch (checked.report().verdict()) {
      case io.tidemark.porcupine.Verdict.Illegal _, io.tidemark.porcupine.Verdict.LogDisagrees _ ->
          Optional.of(checked.report().summary());
      case io.tidemark.porcupine.Verdict.Ok _ -> checked.disagreement();
      case io.tidemark.porcupine.Verdict.Unknown _ -> Optional.empty();
    };
  }
}
