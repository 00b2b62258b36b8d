package io.tidemark.simulation;

import io.tidemark.log.Log;
import java.util.HashMap;
import java.util.function.Consumer;

/// Compares the hashes of all rows: keys, versions, sessions, the log's time.
final class ViewsAgree implements Invariant {
  @Override
  public String rule() {
    return "I5: at one applied position every view is the same, on every replica and in every life";
  }

  @Override
  public void check(Evidence evidence, Consumer<String> violation) {
    var states = new HashMap<Long, Evidence.ViewState>();
    for (Evidence.ViewState state : evidence.viewStates) {
      Evidence.ViewState other = states.putIfAbsent(state.applied(), state);
      // A new view is not bound to its log, and one that has applied nothing may be.
      if (other != null && other.hash() != state.hash() && state.applied() > Log.START) {
        violation.accept(state + " differs from " + other);
      }
    }
  }
}
