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

  static Size of(KeyRange range) {
    if (range instanceof KeyRange.Key one) {
      return of(one.key());
    } else if (range instanceof KeyRange.Prefix all) {
      return of(all.prefix());
    } else if (range instanceof KeyRange.Interval interval) {
      return of(interval.from()).and(interval.to().map(Size::of).orElse(NONE));
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
