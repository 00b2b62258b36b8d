package io.tidemark.statemachine;

import io.tidemark.base.Bytes;

/// What a transaction asks of one key before it decides on its branch. It is decided at apply, in
/// log order, alike on every replica.
///
/// A key that is not there has no value, and zero for its revisions and its version.
///
/// @param key the key it is about
/// @param test what is asked
public record Condition(Bytes key, Test test) {
  /// What is asked of a key.
  public sealed interface Test {}

  /// The key is there.
  public record Exists() implements Test {}

  /// The key is not there.
  public record Missing() implements Test {}

  /// The key is there and its value compares so with `operand`, in the order of [Bytes].
  public record ValueIs(Comparison comparison, Bytes operand) implements Test {}

  /// A number of the key compares so with `operand`.
  public record NumberIs(Field field, Comparison comparison, long operand) implements Test {}

  /// A number that every key has.
  public enum Field {
    /// The revision that created the key.
    CREATE_REVISION,
    /// The revision that wrote the key last.
    MODIFY_REVISION,
    /// How often the key was written since it was created.
    VERSION
  }

  /// How what is there compares with the operand.
  public enum Comparison {
    /// The two are equal.
    EQUAL,
    /// The two differ.
    NOT_EQUAL,
    /// What is there is less than the operand.
    LESS,
    /// What is there is greater than the operand.
    GREATER
  }
}
