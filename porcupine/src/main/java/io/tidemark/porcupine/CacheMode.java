package io.tidemark.porcupine;

/// How the general search remembers where it has been. The verdicts are the same.
public enum CacheMode {
  /// Every configuration in full: a window of the set of linearized operations, and the state. All
  /// orders are tried, so that steps and configurations can be compared with published ones.
  EXACT,
  /// A 128-bit fingerprint of each, at most 40 bytes. An illegal verdict is confirmed exactly.
  /// Indefinite operations that ask for the same are tried in the order of their calls alone.
  FINGERPRINT_128
}
