package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.Answer;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Condition;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Operation;
import io.tidemark.statemachine.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What all keys hold at one revision, and what a command makes of it, worked out as plainly as
/// possible.
final class Contents {
  private final SortedMap<Bytes, KeyValue> keyValues;
  private long lastMark;

  private Contents(SortedMap<Bytes, KeyValue> keyValues, long lastMark) {
    this.keyValues = keyValues;
    this.lastMark = lastMark;
  }

  /// Nothing.
  static Contents empty() {
    return new Contents(new TreeMap<>(), 0);
  }

  /// The same, to go on from.
  Contents copy() {
    return new Contents(new TreeMap<>(keyValues), lastMark);
  }

  /// What a key holds.
  Optional<KeyValue> get(Bytes key) {
    return Optional.ofNullable(keyValues.get(key));
  }

  /// What a range holds.
  List<KeyValue> scan(KeyRange range) {
    return keyValues.values().stream().filter(each -> range.contains(each.key())).toList();
  }

  /// Folds a command in, as the record at this position, and returns the answer to it.
  Result perform(long position, Command command) {
    return switch (command) {
      case Command.OpenSession() -> new Result.SessionOpened(position);
      case Command.Put(var key, var value) -> {
        put(position, key, value);
        yield new Result.Written(position);
      }
      case Command.Delete(var key) -> new Result.Deleted(position, delete(KeyRange.key(key)));
      case Command.DeleteRange(var range) -> new Result.Deleted(position, delete(range));
      case Command.Transaction transaction -> decide(position, transaction);
      case Command.Mark(long previous) -> {
        boolean effective = previous == lastMark;
        lastMark = effective ? position : lastMark;
        yield new Result.Marked(position, effective);
      }
    };
  }

  private void put(long position, Bytes key, Bytes value) {
    var written =
        get(key)
            .map(old -> new KeyValue(key, value, old.createRevision(), position, old.version() + 1))
            .orElseGet(() -> new KeyValue(key, value, position, position, 1));
    keyValues.put(key, written);
  }

  private long delete(KeyRange range) {
    List<KeyValue> found = scan(range);
    found.forEach(each -> keyValues.remove(each.key()));
    return found.size();
  }

  private Result decide(long position, Command.Transaction transaction) {
    boolean holds =
        transaction.conditions().stream()
            .allMatch(condition -> holds(condition, get(condition.key())));
    var answers = new ArrayList<Answer>();
    for (Operation operation : holds ? transaction.then() : transaction.otherwise()) {
      answers.add(
          switch (operation) {
            case Operation.Put(var key, var value) -> {
              put(position, key, value);
              yield new Answer.Written();
            }
            case Operation.Delete(var key) -> new Answer.Deleted(delete(KeyRange.key(key)));
            case Operation.DeleteRange(var range) -> new Answer.Deleted(delete(range));
            case Operation.Get(var key) -> new Answer.Found(get(key));
          });
    }
    return new Result.Decided(position, holds, answers);
  }

  private static boolean holds(Condition condition, Optional<KeyValue> found) {
    return switch (condition.test()) {
      case Condition.Exists() -> found.isPresent();
      case Condition.Missing() -> found.isEmpty();
      case Condition.ValueIs(var comparison, var operand) ->
          found.isPresent() && holds(comparison, found.get().value().compareTo(operand));
      case Condition.NumberIs(var field, var comparison, var operand) ->
          holds(comparison, Long.compare(number(field, found), operand));
    };
  }

  private static long number(Condition.Field field, Optional<KeyValue> found) {
    return found
        .map(there ->
            switch (field) {
              case CREATE_REVISION -> there.createRevision();
              case MODIFY_REVISION -> there.modifyRevision();
              case VERSION -> there.version();
            })
        .orElse(0L);
  }

  private static boolean holds(Condition.Comparison comparison, int compared) {
    return switch (comparison) {
      case EQUAL -> compared == 0;
      case NOT_EQUAL -> compared != 0;
      case LESS -> compared < 0;
      case GREATER -> compared > 0;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Contents contents && keyValues.equals(contents.keyValues);
  }

  @Override
  public int hashCode() {
    return keyValues.hashCode();
  }

  @Override
  public String toString() {
    return keyValues.values().toString();
  }
}
