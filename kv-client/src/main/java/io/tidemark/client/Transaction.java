package io.tidemark.client;

import java.util.ArrayList;
import java.util.List;

/// Does `then` if every condition holds, and `otherwise` if one does not; at one revision, and in
/// order, each operation seeing those before it. Immutable: the methods answer an extended copy.
///
/// ```java
/// Transaction.when(Condition.missing(key))
///     .then(Operation.put(key, value))
///     .otherwise(Operation.get(key))
/// ```
///
/// @param conditions none: `then` is done
/// @param then done if every condition holds
/// @param otherwise done if one does not
public record Transaction(
    List<Condition> conditions, List<Operation> then, List<Operation> otherwise) {
  /// Keeps copies of the lists.
  public Transaction {
    conditions = List.copyOf(conditions);
    then = List.copyOf(then);
    otherwise = List.copyOf(otherwise);
  }

  /// A transaction with these conditions, which does nothing so far.
  public static Transaction when(Condition... conditions) {
    return new Transaction(List.of(conditions), List.of(), List.of());
  }

  /// With more conditions.
  public Transaction and(Condition... more) {
    return new Transaction(joined(conditions, List.of(more)), then, otherwise);
  }

  /// With more operations for when every condition holds.
  public Transaction then(Operation... more) {
    return new Transaction(conditions, joined(then, List.of(more)), otherwise);
  }

  /// With more operations for when a condition does not hold.
  public Transaction otherwise(Operation... more) {
    return new Transaction(conditions, then, joined(otherwise, List.of(more)));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    var all = new ArrayList<T>(first);
    all.addAll(second);
    return all;
  }
}
