package io.tidemark.checkpoint;

import java.util.Optional;

/// A complete checkpoint as a store lists it.
///
/// @param manifest what it is
/// @param verdict of whoever verified it
/// @param doomed why it may no longer be used, if so
/// @param pins how many read it, or keep it for ever
public record Checkpoint(
    Manifest manifest, Optional<Verdict> verdict, Optional<String> doomed, int pins) {
  /// Where it is in the log.
  public long position() {
    return manifest.position();
  }

  /// Whether it may be installed.
  public boolean isUsable() {
    return doomed.isEmpty();
  }

  /// Whether it may be relied on: usable, and opened and found right.
  public boolean isVerified() {
    return isUsable() && verdict.isPresent();
  }
}
