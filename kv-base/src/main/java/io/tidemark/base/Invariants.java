package io.tidemark.base;

import java.util.Arrays;

/// Rules that hold unless the code is wrong. They are always on: a wrong answer becomes a missing
/// answer.
///
/// The thrown [InvariantViolation] is never caught to go on; it stops whoever owns the state.
public final class Invariants {
  private Invariants() {}

  /// Checks a rule that concerns no value.
  public static void check(boolean holds, String rule) {
    if (!holds) {
      throw new InvariantViolation(rule);
    }
  }

  /// Checks a rule about one number.
  public static void check(boolean holds, String rule, long value) {
    if (!holds) {
      throw new InvariantViolation(rule + ": " + value);
    }
  }

  /// Checks a rule about two numbers.
  public static void check(boolean holds, String rule, long first, long second) {
    if (!holds) {
      throw new InvariantViolation(rule + ": " + first + ", " + second);
    }
  }

  /// Checks a rule about any values.
  public static void check(boolean holds, String rule, Object... values) {
    if (!holds) {
      throw new InvariantViolation(rule + ": " + Arrays.toString(values));
    }
  }
}
