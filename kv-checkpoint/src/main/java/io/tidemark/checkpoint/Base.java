package io.tidemark.checkpoint;

/// What a checkpoint that is made builds on: pieces of it are named and not sent again.
public sealed interface Base {
  /// The newest usable checkpoint of the same store, if there is one.
  record Newest() implements Base {}

  /// Nothing: every piece is sent. For a store of which a piece was found damaged.
  record None() implements Base {}

  /// A checkpoint of another database, from which this one is forked. Pin it there for ever before.
  ///
  /// @param address of its store, as a user writes it
  /// @param manifest of the checkpoint
  record Foreign(String address, Manifest manifest) implements Base {}
}
