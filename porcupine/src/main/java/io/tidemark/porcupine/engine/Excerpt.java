package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.CacheMode;
import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.engine.Found.Status;
import java.util.List;

/// Some operations, and everything that may have been the case before them.
///
/// @param model the specification
/// @param starts everything that may have been the case
/// @param operations the operations, in the order of their calls
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
record Excerpt<S, I, O>(
    Model<S, I, O> model, List<Frontier.Start<S>> starts, List<Operation<I, O>> operations) {
  /// Illegal exactly if the operations cannot be linearized from any of the starts.
  Status decide(CacheMode mode, Limits limits) {
    Status all = Status.ILLEGAL;
    for (Frontier.Start<S> start : starts) {
      List<Operation<I, O>> rest =
          operations.stream().filter(o -> !start.done().contains(o.id())).toList();
      Found found = Search.run(Problem.from(model, start.state(), rest), mode, limits);
      if (found.status() == Status.LEGAL) {
        return Status.LEGAL;
      }
      if (found.status() == Status.UNKNOWN) {
        all = Status.UNKNOWN;
      }
    }
    return all;
  }

  /// The same without one operation.
  Excerpt<S, I, O> without(Operation<I, O> operation) {
    return new Excerpt<>(
        model, starts, operations.stream().filter(o -> o.id() != operation.id()).toList());
  }
}
