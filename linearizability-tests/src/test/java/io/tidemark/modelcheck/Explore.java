package io.tidemark.modelcheck;

import static org.assertj.core.api.Assertions.assertThat;

/// What the tests of models ask of them, printed for whoever reads the build.
final class Explore {
  /// States of one model; the ones here have at most half a million.
  private static final int STATES_MAX = Integer.getInteger("model.states", 2_000_000);

  /// Whether the larger worlds are explored too; give them more states and memory.
  static final boolean IS_LARGE = Boolean.getBoolean("model.large");

  private Explore() {}

  /// Every state of the model is good.
  static <S> void holds(String name, Model<S> model) {
    Outcome outcome = Checker.check(model, STATES_MAX);
    System.out.println("model " + name + " " + outcome);
    assertThat(outcome).isInstanceOf(Outcome.Holds.class);
  }

  /// The flaw is found, by this rule, in this many steps and no fewer.
  static <S> void isFound(String name, Model<S> model, String rule, int steps) {
    Outcome outcome = Checker.check(model, STATES_MAX);
    System.out.println("model " + name + " " + outcome.toString().lines().findFirst().orElse(""));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Broken.class,
            broken -> {
              assertThat(broken.rule()).as(broken.toString()).isEqualTo(rule);
              assertThat(broken.run()).as(broken.toString()).hasSize(steps + 1);
            });
  }
}
