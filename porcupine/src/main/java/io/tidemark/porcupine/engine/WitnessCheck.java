package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Sequence;
import io.tidemark.porcupine.Witness;
import java.util.Arrays;
import java.util.OptionalLong;

/// Checks whether the order that a [Witness] proposes is a linearization, in O(n log n).
///
/// It is one if the model allows the operations in this order, and if at each call the called
/// operation's key is at least the greatest key of those that had already returned.
public final class WitnessCheck {
  private WitnessCheck() {}

  /// The verdict on a witness, which is not one on the history.
  ///
  /// @param holds whether the order is a linearization
  /// @param order if so, the linearization, else empty
  /// @param refusal if not, why, as a sentence, else empty
  /// @param steps how often the model was asked
  public record Result(boolean holds, Sequence order, String refusal, long steps) {}

  /// Checks the order.
  public static <S, I, O> Result run(
      Problem<S, I, O> problem, Witness<I, O> witness, Limits limits) {
    int n = problem.size();
    long[] keys = new long[n];
    int[] applied = new int[n];
    int count = 0;
    for (int i = 0; i < n; i++) {
      OptionalLong key = witness.key(problem.operations.get(i));
      if (key.isPresent()) {
        keys[count] = key.getAsLong();
        applied[count++] = i;
      } else if (problem.isDefinite(i)) {
        return refused("the order does not contain " + describe(problem, i), 0);
      }
    }
    int[] byKey = Order.by(Arrays.copyOf(keys, count));
    int[] order = new int[count];
    S state = problem.init;
    Watch watch = new Watch(limits);
    for (int i = 0; i < count; i++) {
      int number = applied[byKey[i]];
      order[i] = number;
      Operation<I, O> operation = problem.operations.get(number);
      watch.step();
      S after = problem.model.step(state, operation.input(), operation.output(), watch);
      if (watch.reached() != null) {
        return refused("the limits were reached before the order was replayed", i);
      }
      if (after == null) {
        return refused(
            describe(problem, number)
                + " is impossible where the order puts it, after "
                + problem.model.describeState(state),
            i);
      }
      state = after;
    }
    return compareWithTime(problem, applied, keys, Sequence.copyOf(order, count));
  }

  private static <S, I, O> Result compareWithTime(
      Problem<S, I, O> problem, int[] applied, long[] keys, Sequence order) {
    int n = problem.size();
    long[] keyOf = new long[n];
    boolean[] isApplied = new boolean[n];
    for (int i = 0; i < order.size(); i++) {
      keyOf[applied[i]] = keys[i];
      isApplied[applied[i]] = true;
    }
    int latest = -1;
    for (int event : problem.events()) {
      int number = event >= 0 ? event : ~event;
      if (!isApplied[number]) {
        continue;
      }
      if (event < 0) {
        latest = latest < 0 || keyOf[number] > keyOf[latest] ? number : latest;
      } else if (latest >= 0 && keyOf[number] < keyOf[latest]) {
        return refused(
            describe(problem, number)
                + " began after "
                + describe(problem, latest)
                + " had returned, but comes before it in the order",
            order.size());
      }
    }
    return new Result(true, order, "", order.size());
  }

  private static Result refused(String why, long steps) {
    return new Result(false, Sequence.EMPTY, why, steps);
  }

  private static <S, I, O> String describe(Problem<S, I, O> problem, int number) {
    Operation<I, O> operation = problem.operations.get(number);
    return problem.model.describe(operation.input(), operation.output())
        + " (operation "
        + operation.id()
        + ")";
  }
}
