package io.tidemark.porcupine.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gives every distinct state a small number, exactly: equal numbers mean equal states.
final class StateTable<S> {
  /// What one entry costs beside the state itself: a map node, its share of the table, a boxed
  /// number and a list slot, in bytes with compressed references.
  private static final long ENTRY_BYTES = 32 + 8 + 16 + 6;

  private final Map<S, Integer> numbers = new HashMap<>();
  private final List<S> states = new ArrayList<>();

  int numberOf(S state) {
    Integer known = numbers.putIfAbsent(state, states.size());
    if (known != null) {
      return known;
    }
    states.add(state);
    return states.size() - 1;
  }

  S get(int number) {
    return states.get(number);
  }

  int size() {
    return states.size();
  }

  long bytes() {
    return ENTRY_BYTES * states.size();
  }
}
