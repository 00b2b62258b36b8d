package io.tidemark.cli;

import io.tidemark.base.Bytes;
import io.tidemark.client.KeyRange;
import java.util.Optional;

/// What is left of a range.
final class Ranges {
  private Ranges() {}

  /// The part of the range that is beyond the key; nothing where the key is not in the range.
  static Optional<KeyRange> after(KeyRange range, Bytes key) {
    Bytes from =
        switch (range) {
          case KeyRange.Key(var one) -> one;
          case KeyRange.Prefix(var prefix) -> prefix;
          case KeyRange.Interval(var begin, _) -> begin;
        };
    Optional<Bytes> to =
        switch (range) {
          case KeyRange.Key(var one) -> Optional.of(one.successor());
          case KeyRange.Prefix(var prefix) -> prefix.afterPrefix();
          case KeyRange.Interval(_, var end) -> end;
        };
    boolean isWithin =
        key.compareTo(from) >= 0 && to.map(end -> key.compareTo(end) < 0).orElse(true);
    return isWithin ? Optional.of(new KeyRange.Interval(key.successor(), to)) : Optional.empty();
  }
}
