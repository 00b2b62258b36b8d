package io.tidemark.verify;

import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.Partitioner;
import io.tidemark.porcupine.model.Transactions;
import io.tidemark.porcupine.model.Transactions.Answer;
import io.tidemark.porcupine.model.Transactions.Delete;
import io.tidemark.porcupine.model.Transactions.Entries;
import io.tidemark.porcupine.model.Transactions.Get;
import io.tidemark.porcupine.model.Transactions.Input;
import io.tidemark.porcupine.model.Transactions.Output;
import io.tidemark.porcupine.model.Transactions.Put;
import io.tidemark.porcupine.model.Transactions.Range;
import io.tidemark.porcupine.model.Transactions.Step;
import io.tidemark.porcupine.model.Transactions.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What transactions did to one key each: a view of a history that can only refute.
///
/// If the history is linearizable, so is what it did to any one key. The other way round that does
/// not hold, so this proves nothing; but what it refutes it refutes fast, and with a counterexample
/// that is easy to read.
final class OneKey implements Model<SortedMap<String, String>, Input, Output> {
  private final Transactions all = new Transactions();

  /// The history with each operation that was answered taken apart by keys.
  static History<Input, Output> of(History<Input, Output> history) {
    var keys = new TreeSet<String>();
    for (Operation<Input, Output> operation : history.operations()) {
      operation.input().then().forEach(step -> keys.addAll(keyOf(step)));
      operation.input().otherwise().forEach(step -> keys.addAll(keyOf(step)));
    }
    List<Operation<Input, Output>> parts = new ArrayList<>();
    for (Operation<Input, Output> operation : history.operations()) {
      Output output = operation.output();
      if (operation.outcome() == Outcome.OK && output != null) {
        answered(operation, output, keys, parts);
      } else if (operation.outcome() != Outcome.FAIL) {
        // Where the conditions did not hold it is as if it had not happened.
        unanswered(operation, parts);
      }
    }
    return History.of(parts);
  }

  private static void answered(
      Operation<Input, Output> operation,
      Output output,
      NavigableSet<String> keys,
      List<Operation<Input, Output>> parts) {
    Map<String, List<Step>> steps = new TreeMap<>();
    Map<String, List<Answer>> answers = new TreeMap<>();
    Iterator<Answer> told = output.answers().iterator();
    Input input = operation.input();
    for (Step step : output.succeeded() ? input.then() : input.otherwise()) {
      if (step instanceof Range range) {
        Map<String, String> found = found((Entries) told.next());
        for (String key : keys.subSet(range.from(), range.to())) {
          steps.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Get(key));
          answers.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Value(found.get(key)));
        }
        continue;
      }
      String key = keyOf(step).getFirst();
      steps.computeIfAbsent(key, _ -> new ArrayList<>()).add(step);
      if (step instanceof Get) {
        answers.computeIfAbsent(key, _ -> new ArrayList<>()).add(told.next());
      }
    }
    steps.forEach((key, own) ->
        parts.add(part(operation, own, new Output(true, answers.getOrDefault(key, List.of())))));
  }

  private static void unanswered(
      Operation<Input, Output> operation, List<Operation<Input, Output>> parts) {
    Map<String, List<Step>> steps = new TreeMap<>();
    for (Step step : operation.input().then()) {
      keyOf(step).forEach(key -> steps.computeIfAbsent(key, _ -> new ArrayList<>()).add(step));
    }
    steps.values().forEach(own -> parts.add(part(operation, own, null)));
  }

  /// Several parts of one operation have the same times: none is a client's own next call.
  private static Operation<Input, Output> part(
      Operation<Input, Output> operation, List<Step> steps, @Nullable Output output) {
    return new Operation<>(
        -1,
        operation.client(),
        new Input(List.of(), steps, List.of()),
        output,
        operation.call(),
        operation.ret(),
        operation.outcome(),
        operation.metadata());
  }

  private static Map<String, String> found(Entries entries) {
    Map<String, String> found = new TreeMap<>();
    for (int i = 0; i + 1 < entries.entries().size(); i += 2) {
      found.put(entries.entries().get(i), entries.entries().get(i + 1));
    }
    return found;
  }

  private static List<String> keyOf(Step step) {
    return switch (step) {
      case Get(String key) -> List.of(key);
      case Put(String key, _) -> List.of(key);
      case Delete(String key) -> List.of(key);
      case Range _ -> List.of();
    };
  }

  @Override
  public SortedMap<String, String> init() {
    return all.init();
  }

  @Override
  public @Nullable SortedMap<String, String> step(
      SortedMap<String, String> state, Input input, @Nullable Output output) {
    return all.step(state, input, output);
  }

  @Override
  public boolean isPure(Input input, @Nullable Output output) {
    return all.isPure(input, output);
  }

  @Override
  public Partitioner<Input> partitioner() {
    return input -> keyOf(input.then().getFirst()).getFirst();
  }

  @Override
  public String describe(Input input, @Nullable Output output) {
    return all.describe(input, output);
  }

  @Override
  public String describeState(SortedMap<String, String> state) {
    return all.describeState(state);
  }
}
