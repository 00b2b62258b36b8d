package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Operation;
import io.tidemark.statemachine.Result;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Values that say which operation wrote them, and what results have in common.
final class Values {
  private Values() {}

  /// A value that only this operation writes.
  static Bytes of(int operation, String what) {
    return Bytes.utf8(operation + ":" + what);
  }

  /// A value that only this operation writes, with so many bytes more.
  static Bytes of(int operation, String what, int padding) {
    return Bytes.utf8(operation + ":" + what + ".".repeat(padding));
  }

  /// The operations that wrote the values of a command; none for a command without values.
  static Set<Integer> operationsIn(Command command) {
    var found = new LinkedHashSet<Integer>();
    switch (command) {
      case Command.Put(_, var value) -> found.add(operationOf(value));
      case Command.Transaction(_, var then, var otherwise) -> {
        for (List<Operation> branch : List.of(then, otherwise)) {
          for (Operation operation : branch) {
            if (operation instanceof Operation.Put(_, var value)) {
              found.add(operationOf(value));
            }
          }
        }
      }
      case Command.OpenSession(), Command.Delete(_), Command.DeleteRange(_), Command.Mark(_) -> {}
    }
    return found;
  }

  private static int operationOf(Bytes value) {
    String text = value.utf8();
    return Integer.parseInt(text.substring(0, text.indexOf(':')));
  }

  /// The position of the record that this is the answer to.
  static long revisionOf(Result result) {
    return switch (result) {
      case Result.SessionOpened(long session) -> session;
      case Result.Written(long revision) -> revision;
      case Result.Deleted(long revision, _) -> revision;
      case Result.Decided(long revision, _, _) -> revision;
      case Result.Marked(long revision, _) -> revision;
      case Result.SessionUnknown _, Result.AnswerForgotten _, Result.AnswerTooLarge _ ->
          throw new IllegalArgumentException("not done, so without a revision: " + result);
    };
  }
}
