package io.tidemark.porcupine;

import io.tidemark.porcupine.engine.Frontier;
import io.tidemark.porcupine.engine.Limits;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Watches one part of a system while it runs and notices the first return that nothing explains.
///
/// It keeps everything that is possible at a moment, and works through calls and returns in the
/// order of time, one step behind: a return is judged once the outcome of every call before it is
/// known. A model with partitions needs a monitor for each. One thread owns it.
///
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
public final class Monitor<S, I, O> {
  private final Model<S, I, O> model;
  private final Frontier<S, I, O> frontier;

  // Calls (positive) and returns (complement) that wait for an outcome, by operation number.
  private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
  private final Map<Integer, Operation<I, O>> open = new HashMap<>();
  private final Map<Integer, Operation<I, O>> resolved = new HashMap<>();
  private @Nullable Operation<I, O> violation;
  private int next;

  /// Watches from the model's initial state on, remembering at most so many possibilities.
  public Monitor(Model<S, I, O> model, long maxConfigurations) {
    this.model = model;
    this.frontier = new Frontier<>(model, model.init(), Limits.configurations(maxConfigurations));
  }

  /// A client called; the answer is the number to report its outcome with. Calls and outcomes are
  /// reported in the order of their times.
  public int call(int client, I input, long time) {
    int number = next++;
    open.put(number, Operation.<I, O>info(client, input, time).withId(number));
    waiting.add(number);
    return number;
  }

  /// A call was answered; a null output means that the answer is not known.
  public void ok(int number, @Nullable O output, long time) {
    Operation<I, O> call = take(number);
    resolve(
        number,
        Operation.ok(call.client(), call.input(), call.call(), output, time).withId(number));
    waiting.add(~number);
    work();
  }

  /// A call definitely did not happen.
  public void fail(int number, long time) {
    Operation<I, O> call = take(number);
    Operation<I, O> failed = Operation.failed(call.client(), call.input(), call.call(), time);
    resolve(number, failed.withId(number));
    work();
  }

  /// Nobody will ever know about a call.
  public void info(int number) {
    resolve(number, take(number));
    work();
  }

  private Operation<I, O> take(int number) {
    Operation<I, O> call = open.remove(number);
    if (call == null) {
      throw new IllegalArgumentException("call " + number + " is not open");
    }
    return call;
  }

  private void resolve(int number, Operation<I, O> operation) {
    resolved.put(number, operation);
  }

  private void work() {
    while (violation == null && frontier.unknown() == null && !waiting.isEmpty()) {
      int number = waiting.peek() >= 0 ? waiting.peek() : ~waiting.peek();
      Operation<I, O> operation = resolved.get(number);
      if (operation == null) {
        return;
      }
      boolean isCall = waiting.remove() >= 0;
      if (isCall && operation.outcome() == Outcome.OK) {
        frontier.call(operation);
      } else if (!isCall) {
        resolved.remove(number);
        violation = frontier.ret(operation) ? null : operation;
      } else {
        resolved.remove(number);
        boolean silent = model.isPure(operation.input(), null);
        if (operation.outcome() == Outcome.INFO && !silent) {
          frontier.call(operation);
        }
      }
    }
  }

  /// The first operation whose return nothing explains, if it was met. It is final.
  public Optional<Operation<I, O>> violation() {
    return Optional.ofNullable(violation);
  }

  /// Why the monitor gave up watching, if it did: what follows is not judged.
  public Optional<UnknownReason> unknown() {
    return Optional.ofNullable(frontier.unknown());
  }

  /// How many calls and returns wait for the outcome of an earlier call.
  public int lag() {
    return waiting.size();
  }
}
