package io.tidemark.porcupine;

import java.util.List;
import java.util.Optional;

/// The verdict on a history, with what it cost and what it rests on. Immutable.
///
/// @param model the specification
/// @param history the history
/// @param verdict the verdict
/// @param stats what it cost
/// @param partitions the parts of the history, the largest first
/// @param witnessRefusals why the witness was refused, one sentence for each part in which it was:
///   the system's own order is wrong, even if the history is linearizable
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
public record Report<S, I, O>(
    Model<S, I, O> model,
    History<I, O> history,
    Verdict verdict,
    Stats stats,
    List<Part> partitions,
    List<String> witnessRefusals) {
  /// One part of the history.
  ///
  /// @param name what the partitioner calls it
  /// @param operations the ids of all its operations, in the order of their calls
  public record Part(String name, Sequence operations) {}

  /// Copies the lists.
  public Report {
    partitions = List.copyOf(partitions);
    witnessRefusals = List.copyOf(witnessRefusals);
  }

  /// The same report with another verdict.
  Report<S, I, O> withVerdict(Verdict other) {
    return new Report<>(model, history, other, stats, partitions, witnessRefusals);
  }

  /// Whether the history is linearizable, for certain.
  public boolean isOk() {
    return verdict instanceof Verdict.Ok;
  }

  /// Why it is not linearizable, if it is not.
  public Optional<Counterexample> counterexample() {
    return verdict instanceof Verdict.Illegal illegal
        ? Optional.of(illegal.counterexample())
        : Optional.empty();
  }

  /// The verdict in one sentence.
  public String summary() {
    String size = history.size() + " operations, parts: " + partitions.size();
    if (verdict instanceof Verdict.Illegal illegal) {
      return "Not linearizable: " + illegal.counterexample().sentence();
    }
    if (verdict instanceof Verdict.Unknown unknown) {
      return "Not decided: " + unknown.reason() + " in part " + unknown.partition() + ".";
    }
    if (verdict instanceof Verdict.LogDisagrees disagrees) {
      return "The log disagrees: " + disagrees.contradictions().get(0);
    }
    return "Linearizable: " + size + ".";
  }
}
