package io.tidemark.client;

import io.tidemark.base.Bytes;
import java.util.List;

/// How large a request is, in bytes.
///
/// @param key its longest key
/// @param value its longest value
/// @param total all its keys and values together
record Size(long key, long value, long total) {
  static final Size NONE = new Size(0, 0, 0);

  static Size of(Bytes key) {
    return new Size(key.length(), 0, key.length());
  }

  static Size of(Bytes key, Bytes value) {
    return new Size(key.length(), value.length(), (long) key.length() + value.length());
  }

  static Size of(List<Bytes> keys) {
    return keys.stream().map(Size::of).reduce(NONE, Size::and);
  }

  /// The ends of a range count in full but are no keys: one may lie just beyond the longest key.
  static Size of(KeyRange range) {
    if (range instanceof KeyRange.Key one) {
      return of(one.key());
    } else if (range instanceof KeyRange.Prefix all) {
      return new Size(0, 0, all.prefix().length());
    } else if (range instanceof KeyRange.Interval interval) {
      int end = interval.to().map(Bytes::length).orElse(0);
      return new Size(0, 0, (long) interval.from().length() + end);
    }
    return NONE;
  }

  static Size of(Transaction transaction) {
    Size size = NONE;
    for (Condition condition : transaction.conditions()) {
      Bytes operand =
          condition.test() instanceof Condition.ValueIs value ? value.operand() : Bytes.EMPTY;
      size = size.and(of(condition.key(), operand));
    }
    for (Operation operation : transaction.then()) {
      size = size.and(of(operation));
    }
    for (Operation operation : transaction.otherwise()) {
      size = size.and(of(operation));
    }
    return size;
  }

  private static Size of(Operation operation) {
    if (operation instanceof Operation.Put put) {
      return of(put.key(), put.value());
    } else if (operation instanceof Operation.Delete delete) {
      return of(delete.key());
    } else if (operation instanceof Operation.DeleteRange delete) {
      return of(delete.range());
    } else if (operation instanceof Operation.Get get) {
      return of(get.key());
    }
    return NONE;
  }

  private Size and(Size other) {
    return new Size(Math.max(key, other.key), Math.max(value, other.value), total + other.total);
  }
}
