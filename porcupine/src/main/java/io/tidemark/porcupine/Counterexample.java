package io.tidemark.porcupine;

import java.util.List;
import java.util.Set;

/// A few operations that no linearization explains, confirmed by an exact search.
///
/// If the operations follow the start of the history, `states` is the initial state. Otherwise
/// everything earlier was reduced, exactly, to what was possible when the culprit was called:
/// `states`, with open operations that may have taken effect by then.
///
/// @param partition the part of the history, as its partitioner calls it
/// @param operations the ids, in the order of their calls
/// @param culprit the id of the operation whose return cannot be explained; without that return the
///   operations are linearizable
/// @param pending ids of those that had not returned by then: they count as indefinite
/// @param fromStart whether everything left out before them is irrelevant, not just summed up
/// @param states the possible states before them, in words; at most eight
/// @param stateCount how many states were possible before them
/// @param explained ids of a longest explanation found: the order of what led up to the culprit
/// @param sentence why, in one sentence
public record Counterexample(
    String partition,
    List<Integer> operations,
    int culprit,
    Set<Integer> pending,
    boolean fromStart,
    List<String> states,
    int stateCount,
    Sequence explained,
    String sentence) {
  /// Copies the collections.
  public Counterexample {
    operations = List.copyOf(operations);
    pending = Set.copyOf(pending);
    states = List.copyOf(states);
  }
}
