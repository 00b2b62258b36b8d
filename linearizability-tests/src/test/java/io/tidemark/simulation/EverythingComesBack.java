package io.tidemark.simulation;

import java.util.function.Consumer;

/// Every client gets an answer and every replica reaches the tail.
final class EverythingComesBack implements Invariant {
  @Override
  public String rule() {
    return "I15: when all faults are over, everything goes on within a minute";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    evidence.notLive.forEach(violation);
  }
}
