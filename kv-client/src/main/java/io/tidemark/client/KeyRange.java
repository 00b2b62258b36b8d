package io.tidemark.client;

import io.tidemark.base.Bytes;
import java.util.Optional;

/// Which keys a scan or a removal is about.
public sealed interface KeyRange {
  /// One key.
  record Key(Bytes key) implements KeyRange {}

  /// Every key that begins with `prefix`.
  record Prefix(Bytes prefix) implements KeyRange {}

  /// The keys from `from`, inclusive, to `to`, exclusive; without a `to`, all from `from` on.
  record Interval(Bytes from, Optional<Bytes> to) implements KeyRange {}

  /// Every key.
  static KeyRange all() {
    return new Prefix(Bytes.EMPTY);
  }

  /// One key.
  static KeyRange key(Bytes key) {
    return new Key(key);
  }

  /// Every key that begins with `prefix`; an empty one: every key.
  static KeyRange prefix(Bytes prefix) {
    return new Prefix(prefix);
  }

  /// The keys from `from`, inclusive, to `to`, exclusive; none where `to` is not beyond `from`.
  static KeyRange between(Bytes from, Bytes to) {
    return new Interval(from, Optional.of(to));
  }

  /// The keys from `from`, inclusive, to the last.
  static KeyRange from(Bytes from) {
    return new Interval(from, Optional.empty());
  }
}
