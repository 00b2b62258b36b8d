package io.tidemark.statemachine;

import io.tidemark.base.Bytes;

/// One step of a branch of a [Command.Transaction]; its answer is an [Answer].
public sealed interface Operation {
  /// Makes `value` the value of `key`; answered by [Answer.Written].
  record Put(Bytes key, Bytes value) implements Operation {}

  /// Removes `key`, if it is there; answered by [Answer.Deleted].
  record Delete(Bytes key) implements Operation {}

  /// Removes every key of the range; answered by [Answer.Deleted].
  record DeleteRange(KeyRange range) implements Operation {}

  /// Reads `key`; answered by [Answer.Found].
  record Get(Bytes key) implements Operation {}
}
