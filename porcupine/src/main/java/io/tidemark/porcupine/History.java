package io.tidemark.porcupine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;

/// What the clients saw: operations in the order of their calls, with ids 0, 1, 2, … in that order.
/// Calls of one instant keep the order in which they were given. Immutable.
///
/// @param <I> the input of a call
/// @param <O> the answer to a call
public final class History<I, O> {
  private final List<Operation<I, O>> operations;

  private History(List<Operation<I, O>> operations) {
    this.operations = Collections.unmodifiableList(operations);
  }

  /// The history of these operations, which are sorted and numbered anew.
  public static <I, O> History<I, O> of(Collection<Operation<I, O>> operations) {
    List<Operation<I, O>> sorted = new ArrayList<>(operations);
    sorted.sort(Comparator.comparingLong(Operation::call));
    for (int id = 0; id < sorted.size(); id++) {
      sorted.set(id, sorted.get(id).withId(id));
    }
    return new History<>(sorted);
  }

  /// The history of a sequence of events, whose times are their indexes.
  ///
  /// @throws IllegalArgumentException if an operation is called or returns twice, or returns
  ///   without having been called
  public static <I, O> History<I, O> ofEvents(List<Event<I, O>> events) {
    List<Event.Call<I, O>> calls = new ArrayList<>();
    List<Long> callTimes = new ArrayList<>();
    Map<Integer, Integer> numbers = new HashMap<>();
    Map<Integer, Event.Return<I, O>> returns = new HashMap<>();
    Map<Integer, Long> returnTimes = new HashMap<>();
    long time = 0;
    for (Event<I, O> event : events) {
      if (event instanceof Event.Call<I, O> call) {
        require(numbers.putIfAbsent(call.operation(), calls.size()) == null, "called twice", event);
        calls.add(call);
        callTimes.add(time);
      } else if (event instanceof Event.Return<I, O> ret) {
        Integer number = numbers.get(ret.operation());
        require(number != null, "returns without a call", event);
        require(returns.putIfAbsent(ret.operation(), ret) == null, "returns twice", event);
        returnTimes.put(ret.operation(), time);
      }
      time++;
    }
    List<Operation<I, O>> operations = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      Event.Call<I, O> call = calls.get(i);
      Event.Return<I, O> ret = returns.get(call.operation());
      boolean indefinite = ret == null || ret.outcome() == Outcome.INFO;
      operations.add(
          indefinite || ret == null
              ? Operation.info(call.client(), call.input(), callTimes.get(i))
              : new Operation<>(
                  i,
                  call.client(),
                  call.input(),
                  ret.output(),
                  callTimes.get(i),
                  Objects.requireNonNull(returnTimes.get(call.operation())),
                  ret.outcome(),
                  Map.of()));
    }
    return of(operations);
  }

  private static void require(boolean holds, String what, Event<?, ?> event) {
    if (!holds) {
      throw new IllegalArgumentException("operation " + event.operation() + " " + what);
    }
  }

  /// All operations, in the order of their calls; the index is the id.
  public List<Operation<I, O>> operations() {
    return operations;
  }

  /// The operation with this id.
  public Operation<I, O> get(int id) {
    if (id < 0 || id >= operations.size()) {
      throw new NoSuchElementException("operation " + id + " of " + operations.size());
    }
    return operations.get(id);
  }

  /// The number of operations.
  public int size() {
    return operations.size();
  }

  /// What a recorder must never produce, one sentence each; empty if the history is sound.
  ///
  /// A client has at most one call open, and none after an indefinite one. (That a call is not
  /// after its return, [Operation] itself refuses.) A history with such problems can be checked,
  /// but its times deserve no trust.
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    Map<Integer, Operation<I, O>> last = new HashMap<>();
    for (Operation<I, O> operation : operations) {
      Operation<I, O> before = last.put(operation.client(), operation);
      if (before != null && before.ret() > operation.call()) {
        problems.add(
            "client "
                + operation.client()
                + " called operation "
                + operation.id()
                + (before.outcome() == Outcome.INFO
                    ? " after its indefinite operation "
                    : " while it waited for operation ")
                + before.id());
      }
    }
    return problems;
  }
}
