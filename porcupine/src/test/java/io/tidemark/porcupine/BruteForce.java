package io.tidemark.porcupine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The definition of linearizability, tried out in every possible order. Shares nothing with the
/// engines.
public final class BruteForce {
  private BruteForce() {}

  /// Whether there is a linearization.
  public static <S, I, O> boolean isLinearizable(
      Model<S, I, O> model, List<Operation<I, O>> operations) {
    Map<Object, List<Operation<I, O>>> parts =
        operations.stream()
            .filter(o -> o.outcome() != Outcome.FAIL)
            .collect(Collectors.groupingBy(o -> model.partitioner().partOf(o.input())));
    return parts.values().stream().allMatch(part -> extend(model, model.init(), part));
  }

  private static <S, I, O> boolean extend(
      Model<S, I, O> model, S state, List<Operation<I, O>> rest) {
    if (rest.stream().allMatch(o -> o.outcome() == Outcome.INFO)) {
      return true;
    }
    for (Operation<I, O> first : rest) {
      if (rest.stream().noneMatch(o -> o.precedes(first))) {
        S next = model.step(state, first.input(), first.output());
        if (next != null) {
          List<Operation<I, O>> others = new ArrayList<>(rest);
          others.remove(first);
          if (extend(model, next, others)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
