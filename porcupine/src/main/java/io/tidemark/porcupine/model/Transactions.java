package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A map with transactions over several keys: conditions, and a list of steps for either case, done
/// as one. Single reads, writes and range reads are transactions of one step.
///
/// Keys influence each other, so there are no partitions: give long histories a witness.
public final class Transactions
    implements Model<SortedMap<String, String>, Transactions.Input, Transactions.Output> {
  /// If all conditions hold do the steps `then`, else the steps `otherwise`.
  ///
  /// @param conditions what must hold
  /// @param then what to do if it does
  /// @param otherwise what to do if it does not
  public record Input(List<Condition> conditions, List<Step> then, List<Step> otherwise) {
    /// Copies the lists.
    public Input {
      conditions = List.copyOf(conditions);
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }

    /// Steps without conditions.
    public static Input of(Step... steps) {
      return new Input(List.of(), List.of(steps), List.of());
    }
  }

  /// The key has this value.
  ///
  /// @param key which key
  /// @param value its value, null if it must not be there
  public record Condition(String key, @Nullable String value) {}

  /// A part of a transaction.
  public sealed interface Step {}

  /// What is the value?
  ///
  /// @param key which key
  public record Get(String key) implements Step {}

  /// Let this be the value.
  ///
  /// @param key which key
  /// @param value the new value
  public record Put(String key, String value) implements Step {}

  /// Let there be no value.
  ///
  /// @param key which key
  public record Delete(String key) implements Step {}

  /// What are the keys and values of a range?
  ///
  /// @param from the first key
  /// @param to the first key after the range
  public record Range(String from, String to) implements Step {}

  /// What was done.
  ///
  /// @param succeeded whether the conditions held
  /// @param answers one for each [Get] and [Range] of the steps done, in their order
  public record Output(boolean succeeded, List<Answer> answers) {
    /// Copies the list.
    public Output {
      answers = List.copyOf(answers);
    }
  }

  /// What a step found.
  public sealed interface Answer {}

  /// A value.
  ///
  /// @param value the value, null if it is not there
  public record Value(@Nullable String value) implements Answer {}

  /// The keys and values of a range.
  ///
  /// @param entries key, value, key, value, … in the order of the keys
  public record Entries(List<String> entries) implements Answer {
    /// Copies the list.
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  @Override
  public SortedMap<String, String> init() {
    return Collections.emptySortedMap();
  }

  @Override
  public @Nullable SortedMap<String, String> step(
      SortedMap<String, String> state, Input input, @Nullable Output output) {
    boolean succeeded =
        input.conditions().stream().allMatch(c -> Objects.equals(state.get(c.key()), c.value()));
    if (output != null && output.succeeded() != succeeded) {
      return null;
    }
    List<Answer> answers = new ArrayList<>();
    SortedMap<String, String> after = state;
    for (Step step : succeeded ? input.then() : input.otherwise()) {
      if (step instanceof Get get) {
        answers.add(new Value(after.get(get.key())));
      } else if (step instanceof Range range) {
        answers.add(entries(after, range));
      } else {
        after = changed(after, step);
      }
    }
    return output == null || output.answers().equals(answers) ? after : null;
  }

  private static Entries entries(SortedMap<String, String> state, Range range) {
    List<String> entries = new ArrayList<>();
    if (range.from().compareTo(range.to()) < 0) {
      state
          .subMap(range.from(), range.to())
          .forEach((key, value) -> {
            entries.add(key);
            entries.add(value);
          });
    }
    return new Entries(entries);
  }

  private static SortedMap<String, String> changed(SortedMap<String, String> state, Step step) {
    SortedMap<String, String> changed = new TreeMap<>(state);
    if (step instanceof Put put) {
      changed.put(put.key(), put.value());
    } else if (step instanceof Delete delete) {
      changed.remove(delete.key());
    }
    return Collections.unmodifiableSortedMap(changed);
  }

  @Override
  public boolean isPure(Input input, @Nullable Output output) {
    boolean thenPure = changesNothing(input.then());
    boolean otherwisePure = changesNothing(input.otherwise());
    return output == null
        ? thenPure && otherwisePure
        : output.succeeded() ? thenPure : otherwisePure;
  }

  private static boolean changesNothing(List<Step> steps) {
    return steps.stream().allMatch(step -> step instanceof Get || step instanceof Range);
  }

  @Override
  public String describe(Input input, @Nullable Output output) {
    boolean otherwise = output != null && !output.succeeded();
    Iterator<Answer> answers = output == null ? null : output.answers().iterator();
    StringBuilder words = new StringBuilder();
    if (!input.conditions().isEmpty()) {
      words.append("if ");
      words.append(
          input.conditions().stream()
              .map(c -> c.key() + " is " + (c.value() == null ? "nothing" : c.value()))
              .collect(Collectors.joining(" and ")));
      words.append(otherwise ? " (it is not): " : output == null ? ": " : " (it is): ");
    }
    List<String> steps = new ArrayList<>();
    for (Step step : otherwise ? input.otherwise() : input.then()) {
      boolean answered = step instanceof Get || step instanceof Range;
      Answer answer = answered && answers != null && answers.hasNext() ? answers.next() : null;
      steps.add(describe(step) + (answered ? " → " + describe(answer) : ""));
    }
    words.append(steps.isEmpty() ? "nothing" : String.join(", ", steps));
    return words.append(output == null ? " → ?" : "").toString();
  }

  private static String describe(Step step) {
    if (step instanceof Get get) {
      return "get " + get.key();
    }
    if (step instanceof Put put) {
      return "put " + put.key() + " = " + put.value();
    }
    if (step instanceof Range range) {
      return "range " + range.from() + " to " + range.to();
    }
    return "delete " + ((Delete) step).key();
  }

  private static String describe(@Nullable Answer answer) {
    if (answer instanceof Value value) {
      return value.value() == null ? "nothing" : value.value();
    }
    return answer instanceof Entries entries ? describe(entries) : "?";
  }

  private static String describe(Entries entries) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i + 1 < entries.entries().size(); i += 2) {
      pairs.add(entries.entries().get(i) + " = " + entries.entries().get(i + 1));
    }
    return "{" + String.join(", ", pairs) + "}";
  }

  @Override
  public String describeState(SortedMap<String, String> state) {
    return state.entrySet().stream()
        .map(entry -> entry.getKey() + " = " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
