package io.tidemark.simulation;

import java.util.function.Consumer;

/// Nothing happened that the product should never do.
final class NothingSurprises implements Invariant {
  @Override
  public String rule() {
    return "I16: no exception escapes, no replica stops itself, nothing is left behind";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    evidence.surprises.forEach(violation);
  }
}
