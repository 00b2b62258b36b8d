package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.CacheMode;
import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.engine.Found.Status;
import java.util.ArrayList;
import java.util.List;

/// The prefixes of some operations, one for each return.
///
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
final class Prefixes<S, I, O> {
  private final Model<S, I, O> model;
  private final S init;
  private final List<Operation<I, O>> operations;
  private final int[] byReturn;
  private final int[] rank;
  private final int count;

  Prefixes(Model<S, I, O> model, S init, List<Operation<I, O>> operations) {
    this.model = model;
    this.init = init;
    this.operations = operations;
    long[] returns = operations.stream().mapToLong(Operation::ret).toArray();
    this.byReturn = Order.by(returns);
    this.rank = new int[returns.length];
    int definite = 0;
    for (int i = 0; i < byReturn.length; i++) {
      rank[byReturn[i]] = i;
      definite += operations.get(i).outcome() == Outcome.OK ? 1 : 0;
    }
    this.count = definite;
  }

  /// What was known right after the return at this index, counting returns from 0: operations
  /// called later are left out, those that returned later are indefinite.
  List<Operation<I, O>> get(int index) {
    long time = last(index).ret();
    List<Operation<I, O>> prefix = new ArrayList<>();
    for (int i = 0; i < operations.size() && operations.get(i).call() <= time; i++) {
      Operation<I, O> operation = operations.get(i);
      prefix.add(rank[i] <= index ? operation : operation.asIndefinite());
    }
    return prefix;
  }

  /// The operation that returned at this index.
  Operation<I, O> last(int index) {
    return operations.get(byReturn[index]);
  }

  /// The index of the first return with which the operations are illegal, given that all of them
  /// together are. A prefix that cannot be decided within the limits counts as legal.
  int shortestIllegal(CacheMode mode, Limits limits) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      Problem<S, I, O> prefix = Problem.from(model, init, get(middle));
      if (Search.run(prefix, mode, limits).status() == Status.ILLEGAL) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high;
  }
}
