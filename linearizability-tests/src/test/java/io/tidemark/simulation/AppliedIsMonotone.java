package io.tidemark.simulation;

import java.util.HashMap;
import java.util.function.Consumer;

/// Only a crash lets a view go back.
final class AppliedIsMonotone implements Invariant {
  @Override
  public String rule() {
    return "I4: the applied position of a replica never falls while it lives";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var last = new HashMap<String, Long>();
    for (Evidence.ViewState state : evidence.viewStates) {
      Long before = last.put(state.replica() + "#" + state.life(), state.applied());
      if (before != null && state.applied() < before) {
        violation.accept(state + " after " + before);
      }
    }
  }
}
