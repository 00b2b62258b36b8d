package io.tidemark.modelcheck;

import java.util.List;

/// What came of exploring a model.
sealed interface Outcome {
  /// Distinct states seen.
  int states();

  /// All states were seen, and each rule holds in all of them.
  ///
  /// @param steps offered by all states together
  /// @param depth steps to the state farthest from the beginning
  record Holds(int states, long steps, int depth, long millis) implements Outcome {
    @Override
    public String toString() {
      return "holds: %,d states, %,d steps, depth %d, %,d ms"
          .formatted(states, steps, depth, millis);
    }
  }

  /// A rule is broken; `run` is a shortest way there, a line for each step.
  record Broken(String rule, List<String> run, int states) implements Outcome {
    @Override
    public String toString() {
      return "BROKEN after %d steps, %,d states: %s%n  %s"
          .formatted(run.size() - 1, states, rule, String.join("\n  ", run));
    }
  }

  /// More states than were allowed: nothing is known.
  record TooMany(int states, int depth) implements Outcome {
    @Override
    public String toString() {
      return "NOT DECIDED: more than %,d states, depth %d".formatted(states, depth);
    }
  }
}
