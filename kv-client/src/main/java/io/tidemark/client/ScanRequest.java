package io.tidemark.client;

/// What a scan walks over and how. Immutable: the methods answer a changed copy.
///
/// @param range which keys
/// @param limit at most so many pairs; zero: all
/// @param reverse from the greatest key back
/// @param keysOnly leave the values out
/// @param consistency how current it must be
public record ScanRequest(
    KeyRange range, long limit, boolean reverse, boolean keysOnly, Consistency consistency) {
  /// Checks that the limit is not negative, otherwise an `IllegalArgumentException`.
  public ScanRequest {
    if (limit < 0) {
      throw new IllegalArgumentException("a limit is not negative: " + limit);
    }
  }

  /// Every pair of the range, in the order of the keys, linearizable.
  public static ScanRequest of(KeyRange range) {
    return new ScanRequest(range, 0, false, false, Consistency.linearizable());
  }

  /// At most so many pairs; zero: all.
  public ScanRequest withLimit(long pairs) {
    return new ScanRequest(range, pairs, reverse, keysOnly, consistency);
  }

  /// From the greatest key back, or not.
  public ScanRequest withReverse(boolean backwards) {
    return new ScanRequest(range, limit, backwards, keysOnly, consistency);
  }

  /// Without the values, or with them.
  public ScanRequest withKeysOnly(boolean withoutValues) {
    return new ScanRequest(range, limit, reverse, withoutValues, consistency);
  }

  /// As current as this.
  public ScanRequest withConsistency(Consistency level) {
    return new ScanRequest(range, limit, reverse, keysOnly, level);
  }
}
