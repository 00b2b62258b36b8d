package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Does commands on the users' keys. It sees what earlier commands did, committed or not.
final class Interpreter {
  private final PendingBatch rows;
  // Used within one call at a time.
  private final byte[] headBuffer = new byte[Rows.HEAD_LENGTH_MAX];

  Interpreter(PendingBatch rows) {
    this.rows = rows;
  }

  void put(long revision, Bytes key, Bytes value) {
    Bytes raw = Rows.userKey(key);
    Rows.Head before = head(raw);
    rows.put(
        raw,
        before == null
            ? Rows.userRow(revision, revision, 1, value)
            : Rows.userRow(before.createRevision(), revision, before.version() + 1, value));
  }

  /// Returns how many keys it removed: one or none.
  long delete(Bytes key) {
    Bytes raw = Rows.userKey(key);
    if (head(raw) == null) {
      return 0;
    }
    rows.remove(raw);
    return 1;
  }

  /// Returns how many keys it removed.
  long delete(KeyRange range) {
    return range.isEmpty() ? 0 : rows.removeRange(Rows.rangeBegin(range), Rows.rangeEnd(range));
  }

  Result transact(long revision, Command.Transaction transaction) {
    boolean holds = transaction.conditions().stream().allMatch(this::holds);
    List<Operation> branch = holds ? transaction.then() : transaction.otherwise();
    long bytes = bytesRead(branch);
    if (bytes > StateMachine.ANSWER_BYTES_MAX) {
      return new Result.AnswerTooLarge(bytes);
    }
    var answers = new ArrayList<Answer>(branch.size());
    for (Operation operation : branch) {
      answers.add(
          switch (operation) {
            case Operation.Put(var key, var value) -> {
              put(revision, key, value);
              yield new Answer.Written();
            }
            case Operation.Delete(var key) -> new Answer.Deleted(delete(key));
            case Operation.DeleteRange(var range) -> new Answer.Deleted(delete(range));
            case Operation.Get(var key) -> {
              byte[] row = rows.get(Rows.userKey(key));
              yield new Answer.Found(
                  Optional.ofNullable(row).map(there -> Rows.keyValue(key, there)));
            }
          });
    }
    return new Result.Decided(revision, holds, answers);
  }

  private boolean holds(Condition condition) {
    Bytes raw = Rows.userKey(condition.key());
    return switch (condition.test()) {
      case Condition.Exists() -> head(raw) != null;
      case Condition.Missing() -> head(raw) == null;
      case Condition.ValueIs(var comparison, var operand) -> {
        byte[] row = rows.get(raw);
        yield row != null
            && holds(comparison, Rows.keyValue(condition.key(), row).value().compareTo(operand));
      }
      case Condition.NumberIs(var field, var comparison, var operand) ->
          holds(comparison, Long.compare(number(head(raw), field), operand));
    };
  }

  private static long number(Rows.@Nullable Head head, Condition.Field field) {
    if (head == null) {
      return 0;
    }
    return switch (field) {
      case CREATE_REVISION -> head.createRevision();
      case MODIFY_REVISION -> head.modifyRevision();
      case VERSION -> head.version();
    };
  }

  private static boolean holds(Condition.Comparison comparison, int order) {
    return switch (comparison) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case GREATER -> order > 0;
    };
  }

  /// How many bytes of keys and values the branch will read, found without doing any of it.
  private long bytesRead(List<Operation> branch) {
    long bytes = 0;
    for (int i = 0; i < branch.size(); i++) {
      if (branch.get(i) instanceof Operation.Get(var key)) {
        bytes += bytesRead(key, branch.subList(0, i));
      }
    }
    return bytes;
  }

  private long bytesRead(Bytes key, List<Operation> before) {
    for (Operation operation : before.reversed()) {
      switch (operation) {
        case Operation.Put(var written, var value) -> {
          if (written.equals(key)) {
            return (long) key.length() + value.length();
          }
        }
        case Operation.Delete(var deleted) -> {
          if (deleted.equals(key)) {
            return 0;
          }
        }
        case Operation.DeleteRange(var range) -> {
          if (range.contains(key)) {
            return 0;
          }
        }
        case Operation.Get _ -> {}
      }
    }
    int length = rows.peek(Rows.userKey(key), headBuffer);
    return length == StoredView.NO_ROW
        ? 0
        : (long) key.length() + length - Rows.head(headBuffer).length();
  }

  private Rows.@Nullable Head head(Bytes raw) {
    return rows.peek(raw, headBuffer) == StoredView.NO_ROW ? null : Rows.head(headBuffer);
  }
}
