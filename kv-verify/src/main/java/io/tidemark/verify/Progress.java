package io.tidemark.verify;

/// How far a load has come.
///
/// @param answered how many operations got an answer
/// @param acknowledgedWrites how many of them may have changed something
/// @param refused how many were refused: they had no effect
/// @param indefinite how many may have had an effect or not
public record Progress(long answered, long acknowledgedWrites, long refused, long indefinite) {
  /// How many operations have ended.
  public long ended() {
    return answered + refused + indefinite;
  }

  @Override
  public String toString() {
    return "%d answered, of them %d writes; %d refused, %d of unknown outcome"
        .formatted(answered, acknowledgedWrites, refused, indefinite);
  }
}
