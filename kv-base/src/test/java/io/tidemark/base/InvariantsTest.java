package io.tidemark.base;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InvariantsTest {
  @Test
  void aRuleThatDoesNotHoldIsNamedWithItsValues() {
    Invariants.check(true, "never thrown", 1, 2);

    assertThatThrownBy(() -> Invariants.check(false, "records are applied in order", 7, 9))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("invariant violated: records are applied in order: 7, 9");
  }
}
