package io.tidemark.replica;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Condition;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.Operation;
import java.time.Duration;
import java.util.List;

/// Holds requests to the [Limits], before anything else happens to them.
final class RequestRules {
  private final Limits limits;

  RequestRules(Limits limits) {
    this.limits = limits;
  }

  /// The sum of the command's keys and values in bytes, if it is in order.
  long check(Command command) {
    return switch (command) {
      case Command.OpenSession(), Command.Mark(_) -> 0;
      case Command.Put(Bytes key, Bytes value) -> withinRequest(key(key) + value(value));
      case Command.Delete(Bytes key) -> key(key);
      case Command.DeleteRange(KeyRange range) -> withinRequest(range(range));
      case Command.Transaction transaction -> withinRequest(transaction(transaction));
    };
  }

  /// The length of a key, if it is in order.
  long key(Bytes key) {
    if (key.isEmpty()) {
      throw new ReplicaException.InvalidRequest("the key is empty");
    }
    return keyLength("the key", key);
  }

  /// The sum of the range's ends, if they are in order. An end may be just after the largest key:
  /// what follows a key is a byte longer.
  long range(KeyRange range) {
    long from = endLength("the range's beginning", range.from());
    return from + range.to().map(to -> endLength("the range's end", to)).orElse(0L);
  }

  void scanLimit(int limit) {
    if (limit <= 0) {
      throw new ReplicaException.InvalidRequest("a scan's limit is 1 or more, not " + limit);
    }
    if (limit > limits.batchKeysMax()) {
      throw ReplicaException.TooLarge.of("the scan", limit, limits.batchKeysMax(), "keys");
    }
  }

  /// The timeout in nanoseconds, if it is in order.
  long timeoutNanos(Duration timeout) {
    if (!timeout.isPositive()) {
      throw new ReplicaException.InvalidRequest("a timeout is positive, not " + timeout);
    }
    return timeout.compareTo(ReplicaConfig.TIMEOUT_MAX) > 0
        ? ReplicaConfig.TIMEOUT_MAX.toNanos()
        : timeout.toNanos();
  }

  void revision(long revision) {
    if (revision < 0) {
      throw new ReplicaException.InvalidRequest("a revision is zero or more, not " + revision);
    }
  }

  private long transaction(Command.Transaction transaction) {
    long steps =
        (long) transaction.conditions().size()
            + transaction.then().size()
            + transaction.otherwise().size();
    if (steps > limits.transactionStepsMax()) {
      throw ReplicaException.TooLarge.of(
          "the transaction", steps, limits.transactionStepsMax(), "steps");
    }
    long bytes = 0;
    for (Condition condition : transaction.conditions()) {
      bytes += key(condition.key()) + test(condition.test());
    }
    return bytes + operations(transaction.then()) + operations(transaction.otherwise());
  }

  private long test(Condition.Test test) {
    return switch (test) {
      case Condition.ValueIs(_, Bytes operand) -> value(operand);
      case Condition.NumberIs(_, _, long operand) -> {
        if (operand < 0) {
          throw new ReplicaException.InvalidRequest(
              "revisions and versions are zero or more, not " + operand);
        }
        yield 0;
      }
      case Condition.Exists(), Condition.Missing() -> 0;
    };
  }

  private long operations(List<Operation> operations) {
    long bytes = 0;
    for (Operation operation : operations) {
      bytes +=
          switch (operation) {
            case Operation.Put(Bytes key, Bytes value) -> key(key) + value(value);
            case Operation.Delete(Bytes key) -> key(key);
            case Operation.DeleteRange(KeyRange range) -> range(range);
            case Operation.Get(Bytes key) -> key(key);
          };
    }
    return bytes;
  }

  private long keyLength(String what, Bytes key) {
    return lengthAtMost(limits.keyBytesMax(), what, key);
  }

  private long endLength(String what, Bytes end) {
    return lengthAtMost(limits.keyBytesMax() + 1, what, end);
  }

  private static long lengthAtMost(int bytesMax, String what, Bytes bytes) {
    if (bytes.length() > bytesMax) {
      throw ReplicaException.TooLarge.of(what, bytes.length(), bytesMax, "bytes");
    }
    return bytes.length();
  }

  private long value(Bytes value) {
    if (value.length() > limits.valueBytesMax()) {
      throw ReplicaException.TooLarge.of(
          "the value", value.length(), limits.valueBytesMax(), "bytes");
    }
    return value.length();
  }

  private long withinRequest(long bytes) {
    if (bytes > limits.requestBytesMax()) {
      throw ReplicaException.TooLarge.of("the request", bytes, limits.requestBytesMax(), "bytes");
    }
    return bytes;
  }
}
