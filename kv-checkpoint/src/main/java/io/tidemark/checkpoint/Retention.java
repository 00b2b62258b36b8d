package io.tidemark.checkpoint;

import java.util.OptionalLong;

/// Which checkpoints are kept: the newest `verifiedMin` verified ones, what the point-in-time
/// window needs (the newest verified one at or before its begin, and all since), and everything
/// newer than the oldest of these. Where there are fewer verified ones, all are kept.
///
/// @param verifiedMin at least 2
/// @param windowBeginMillis log time at which the window begins; nothing for no window
public record Retention(int verifiedMin, OptionalLong windowBeginMillis) {
  /// Two verified ones, no window.
  public static final Retention TWO = new Retention(2, OptionalLong.empty());

  /// Checks the bound.
  ///
  /// @throws IllegalArgumentException if fewer than two are to be kept
  public Retention {
    if (verifiedMin < 2) {
      throw new IllegalArgumentException(
          "two verified checkpoints are kept at least, not " + verifiedMin);
    }
  }
}
