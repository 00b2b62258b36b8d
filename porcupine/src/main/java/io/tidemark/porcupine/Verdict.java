package io.tidemark.porcupine;

import java.util.List;

/// What a check found out.
public sealed interface Verdict {
  /// There is a linearization.
  ///
  /// @param linearizations one for each part of the history: ids in an order that explains it.
  ///   Operations left out need not have happened
  record Ok(List<Sequence> linearizations) implements Verdict {
    /// Copies the list.
    public Ok {
      linearizations = List.copyOf(linearizations);
    }
  }

  /// There is none: the system is not linearizable.
  ///
  /// @param counterexample why
  record Illegal(Counterexample counterexample) implements Verdict {}

  /// What the clients saw does not agree with what the log says; the history alone was not found to
  /// be illegal. See [InfoResolver].
  ///
  /// @param contradictions what contradicts, one sentence each; at least one
  record LogDisagrees(List<String> contradictions) implements Verdict {
    /// Copies the list.
    public LogDisagrees {
      contradictions = List.copyOf(contradictions);
    }
  }

  /// It was not decided. To treat this as success would be a bug.
  ///
  /// @param reason why
  /// @param partition the part of the history that was not decided
  record Unknown(UnknownReason reason, String partition) implements Verdict {}
}
