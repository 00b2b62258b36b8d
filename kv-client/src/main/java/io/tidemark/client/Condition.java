package io.tidemark.client;

import io.tidemark.base.Bytes;

/// What a [Transaction] asks of one key before it decides on its branch. A key that is not there
/// has no value, and zero for its revisions and its version.
///
/// @param key the key it is about
/// @param test what is asked
public record Condition(Bytes key, Test test) {
  /// What is asked of a key.
  public sealed interface Test {}

  /// The key is there, or is not.
  public record Exists(boolean expected) implements Test {}

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

  /// The key is there.
  public static Condition exists(Bytes key) {
    return new Condition(key, new Exists(true));
  }

  /// The key is not there.
  public static Condition missing(Bytes key) {
    return new Condition(key, new Exists(false));
  }

  /// The key is there and its value compares so with `operand`.
  public static Condition value(Bytes key, Comparison comparison, Bytes operand) {
    return new Condition(key, new ValueIs(comparison, operand));
  }

  /// A number of the key compares so with `operand`.
  public static Condition number(Bytes key, Field field, Comparison comparison, long operand) {
    return new Condition(key, new NumberIs(field, comparison, operand));
  }

  /// The key is as the write of this revision left it: what a compare-and-put asks. Zero: the key
  /// is not there.
  public static Condition unchangedSince(Bytes key, long modifyRevision) {
    return number(key, Field.MODIFY_REVISION, Comparison.EQUAL, modifyRevision);
  }
}
