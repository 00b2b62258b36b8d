package io.tidemark.porcupine;

/// What decides a partition.
public enum Engine {
  /// The witness if there is one; if it fails or is missing, the zones where they apply; else the
  /// search.
  AUTO,
  /// The general search alone, for any model.
  SEARCH,
  /// The zones alone: registers whose written values are all different, in O(n log n).
  ZONES,
  /// The order that a [Witness] proposes, alone: it can only prove, never refute.
  WITNESS
}
