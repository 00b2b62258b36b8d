package io.tidemark.client;

import java.util.Optional;

/// The answer to one [Operation] of a transaction.
public sealed interface Answer {
  /// The value was written.
  record Written() implements Answer {}

  /// So many keys were there and are no more.
  record Deleted(long count) implements Answer {}

  /// What the key held, or nothing.
  record Found(Optional<KeyValue> keyValue) implements Answer {}
}
