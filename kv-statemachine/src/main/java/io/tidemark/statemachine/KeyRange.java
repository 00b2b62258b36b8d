package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.util.Optional;

/// The keys from `from`, inclusive, to `to`, exclusive; without a `to`, all keys from `from` on.
/// Where `to` is not beyond `from` the range is empty.
///
/// @param from the least key of the range
/// @param to the least key beyond the range
public record KeyRange(Bytes from, Optional<Bytes> to) {
  /// Every key.
  public static final KeyRange ALL = new KeyRange(Bytes.EMPTY, Optional.empty());

  /// One key.
  public static KeyRange key(Bytes key) {
    return new KeyRange(key, Optional.of(key.successor()));
  }

  /// Every key that begins with `prefix`.
  public static KeyRange prefix(Bytes prefix) {
    return new KeyRange(prefix, prefix.afterPrefix());
  }

  /// The keys from `from`, inclusive, to `to`, exclusive.
  public static KeyRange of(Bytes from, Bytes to) {
    return new KeyRange(from, Optional.of(to));
  }

  /// Whether the key is in the range.
  public boolean contains(Bytes key) {
    return key.compareTo(from) >= 0 && to.map(end -> key.compareTo(end) < 0).orElse(true);
  }

  /// Whether no key can be in the range.
  public boolean isEmpty() {
    return to.map(end -> end.compareTo(from) <= 0).orElse(false);
  }
}
