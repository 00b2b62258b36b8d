package io.tidemark.client;

import io.tidemark.base.Bytes;

/// One step of a branch of a [Transaction]; its answer is an [Answer].
public sealed interface Operation {
  /// Makes `value` the value of `key`; answered by [Answer.Written].
  record Put(Bytes key, Bytes value) implements Operation {}

  /// Removes `key`, if it is there; answered by [Answer.Deleted].
  record Delete(Bytes key) implements Operation {}

  /// Removes every key of the range; answered by [Answer.Deleted].
  record DeleteRange(KeyRange range) implements Operation {}

  /// Reads `key`; answered by [Answer.Found].
  record Get(Bytes key) implements Operation {}

  /// See [Put].
  static Operation put(Bytes key, Bytes value) {
    return new Put(key, value);
  }

  /// See [Delete].
  static Operation delete(Bytes key) {
    return new Delete(key);
  }

  /// See [DeleteRange].
  static Operation deleteRange(KeyRange range) {
    return new DeleteRange(range);
  }

  /// See [Get].
  static Operation get(Bytes key) {
    return new Get(key);
  }
}
