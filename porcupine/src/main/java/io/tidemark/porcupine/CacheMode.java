package io.tidemark.porcupine;

/// How the general search remembers where it has been. The verdicts are the same.
public enum CacheMode {
  /// Every configuration in full: a window of the set of linearized operations, and the state.
  EXACT,
  /// A 128-bit fingerprint of each, at most 40 bytes. An illegal verdict is confirmed exactly.
  FINGERPRINT_128
}
