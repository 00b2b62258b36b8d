package io.tidemark.base;

/// The code is wrong: a rule of [Invariants] did not hold. Whoever owns the state stops.
public final class InvariantViolation extends Error {
  private static final long serialVersionUID = 1;

  /// A violation of the rule in these words.
  public InvariantViolation(String rule) {
    super("invariant violated: " + rule);
  }
}
