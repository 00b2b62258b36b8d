package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.util.List;

/// What a record asks the state machine to do. The set is closed and only ever grows; a replica
/// that meets a command it does not know stops.
public sealed interface Command {
  /// Opens a session: the revision of this record is its number.
  record OpenSession() implements Command {}

  /// Makes `value` the value of `key`.
  record Put(Bytes key, Bytes value) implements Command {}

  /// Removes `key`, if it is there.
  record Delete(Bytes key) implements Command {}

  /// Removes every key of the range.
  record DeleteRange(KeyRange range) implements Command {}

  /// Does `then` if every condition holds, and `otherwise` if one does not; at one revision, and in
  /// order, each operation seeing those before it.
  record Transaction(List<Condition> conditions, List<Operation> then, List<Operation> otherwise)
      implements Command {
    /// Keeps copies of the lists.
    public Transaction {
      conditions = List.copyOf(conditions);
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }

  /// Marks this place of the log, where checkpoints are made and replicas compared, if `previous`
  /// is the revision of the last [Mark] that took effect, or zero before the first: of several who
  /// find that it is time one has its way.
  record Mark(long previous) implements Command {}
}
