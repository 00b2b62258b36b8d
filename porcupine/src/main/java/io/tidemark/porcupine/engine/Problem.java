package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.RegisterAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One part of a history, made ready to be searched: operations that failed are left out, and so
/// are indefinite ones of which nobody can have seen whether they happened.
///
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
public final class Problem<S, I, O> {
  /// The specification.
  final Model<S, I, O> model;

  /// The state at the start.
  final S init;

  /// The operations in the order of their calls. An index into it is an operation's number here.
  final List<Operation<I, O>> operations;

  private final boolean inEveryOrder;

  private Problem(
      Model<S, I, O> model, S init, List<Operation<I, O>> operations, boolean inEveryOrder) {
    this.model = model;
    this.init = init;
    this.operations = operations;
    this.inEveryOrder = inEveryOrder;
  }

  /// The problem of operations that are in the order of their calls, from the model's first state.
  public static <S, I, O> Problem<S, I, O> of(
      Model<S, I, O> model, List<Operation<I, O>> operations) {
    return from(model, model.init(), operations);
  }

  /// The problem of operations that are in the order of their calls, from any state.
  public static <S, I, O> Problem<S, I, O> from(
      Model<S, I, O> model, S init, List<Operation<I, O>> operations) {
    List<Operation<I, O>> relevant = new ArrayList<>(operations.size());
    for (Operation<I, O> operation : operations) {
      boolean indefinite = operation.outcome() == Outcome.INFO;
      boolean silent = indefinite && model.isPure(operation.input(), null);
      if (operation.outcome() != Outcome.FAIL && !silent) {
        relevant.add(operation);
      }
    }
    return new Problem<>(model, init, withoutUnreadWrites(model, relevant), false);
  }

  /// The same problem, whose search is to try even orders that come to the same: its steps can then
  /// be compared with published ones.
  public Problem<S, I, O> inEveryOrder() {
    return new Problem<>(model, init, operations, true);
  }

  /// Of a register that is only read and written, leaves out indefinite writes of values that
  /// nobody read: wherever such a write stood in a linearization, it could as well not have
  /// happened.
  private static <S, I, O> List<Operation<I, O>> withoutUnreadWrites(
      Model<S, I, O> model, List<Operation<I, O>> operations) {
    RegisterAccess<I, O> access = model.registerAccess();
    boolean indefinite = operations.stream().anyMatch(o -> o.outcome() == Outcome.INFO);
    if (access == null || !indefinite) {
      return operations;
    }
    Set<Object> read = new HashSet<>();
    for (Operation<I, O> operation : operations) {
      switch (access.kind(operation.input(), operation.output())) {
        case READ -> {
          if (operation.output() != null) {
            read.add(access.value(operation.input(), operation.output()));
          }
        }
        case WRITE -> {}
        case OTHER -> {
          return operations;
        }
      }
    }
    List<Operation<I, O>> relevant = new ArrayList<>(operations.size());
    for (Operation<I, O> operation : operations) {
      if (operation.outcome() != Outcome.INFO
          || read.contains(access.value(operation.input(), null))) {
        relevant.add(operation);
      }
    }
    return relevant;
  }

  /// The number of operations.
  public int size() {
    return operations.size();
  }

  /// The operations, in the order of their calls.
  public List<Operation<I, O>> operations() {
    return operations;
  }

  boolean isDefinite(int number) {
    return operations.get(number).outcome() == Outcome.OK;
  }

  /// For each indefinite operation the last one called before it that is indefinite and asks for
  /// the same, or -1.
  int[] twins() {
    int[] twins = new int[operations.size()];
    Arrays.fill(twins, -1);
    Map<I, Integer> last = new HashMap<>();
    for (int i = 0; i < twins.length && !inEveryOrder; i++) {
      if (!isDefinite(i)) {
        Integer twin = last.put(operations.get(i).input(), i);
        twins[i] = twin == null ? -1 : twin;
      }
    }
    return twins;
  }

  /// Operation numbers in the order of their returns; those that never return are last.
  int[] byReturn() {
    long[] returns = new long[operations.size()];
    for (int i = 0; i < returns.length; i++) {
      returns[i] = operations.get(i).ret();
    }
    return Order.by(returns);
  }

  /// Calls and returns in the order of time, calls first within an instant: `k` is the call of
  /// operation `k` and `~k` its return. Returns that never come are at the end.
  public int[] events() {
    int n = operations.size();
    int[] byReturn = byReturn();
    int[] events = new int[2 * n];
    int call = 0;
    for (int ret = 0; ret < n; ret++) {
      long time = operations.get(byReturn[ret]).ret();
      while (call < n && operations.get(call).call() <= time) {
        events[call + ret] = call;
        call++;
      }
      events[call + ret] = ~byReturn[ret];
    }
    return events;
  }
}
