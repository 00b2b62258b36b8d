package io.tidemark.porcupine.model;

import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Hand-made histories of one model, some legal and some not. The test finds each class of this
/// kind by itself.
abstract class Examples<S, I, O> {
  private final Map<String, History<I, O>> legal = new TreeMap<>();
  private final Map<String, History<I, O>> illegal = new TreeMap<>();

  /// The class these examples are of.
  abstract Class<?> about();

  /// The model, ready to check with.
  abstract Model<S, I, O> model();

  final Map<String, History<I, O>> legal() {
    return legal;
  }

  final Map<String, History<I, O>> illegal() {
    return illegal;
  }

  final void legal(String why, Hand<I, O> hand) {
    legal.put(why, hand.history());
  }

  final void illegal(String why, Hand<I, O> hand) {
    illegal.put(why, hand.history());
  }

  /// A history in the making.
  static final class Hand<I, O> {
    private final List<Operation<I, O>> operations = new ArrayList<>();
    private long time;

    /// A call that nothing overlaps.
    Hand<I, O> then(I input, O output) {
      time += 10;
      return at(time, time + 5, input, output);
    }

    /// A call of its own client, from one time to another.
    Hand<I, O> at(long call, long ret, I input, O output) {
      time = Math.max(time, ret);
      operations.add(Operation.ok(operations.size(), input, call, output, ret));
      return this;
    }

    /// A call whose outcome nobody knows.
    Hand<I, O> lost(I input) {
      time += 10;
      operations.add(Operation.info(operations.size(), input, time));
      return this;
    }

    /// A call that definitely did not happen.
    Hand<I, O> failed(I input) {
      time += 10;
      operations.add(Operation.failed(operations.size(), input, time, time + 5));
      return this;
    }

    History<I, O> history() {
      return History.of(operations);
    }
  }
}
