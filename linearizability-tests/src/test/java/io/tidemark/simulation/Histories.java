package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.model.VersionedKv;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Condition;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Histories for the checker, out of what the clients of a world saw.
final class Histories {
  private Histories() {}

  /// The history of a run in which every operation is of one key; nothing if there are others.
  /// Reads that may be behind, and reads that failed, tell nothing about linearizability.
  ///
  /// A write of unknown outcome is looked up in the log, which is sealed: it did not happen, or it
  /// did before anything returned that comes later in the log. That is one of the choices that a
  /// checker would have to try, so what is linearizable with it is so without it.
  static Optional<History<VersionedKv.Input, VersionedKv.Output>> ofSingleKeys(Evidence evidence) {
    var history = new ArrayList<Operation<VersionedKv.Input, VersionedKv.Output>>();
    var fates = new Fates(evidence);
    for (ClientOperation operation : evidence.operations) {
      if (operation.asked() instanceof ClientOperation.Scan
          || operation.asked() instanceof ClientOperation.Write(Command.DeleteRange _, _)) {
        return Optional.empty();
      }
      if (operation.asked() instanceof ClientOperation.Write(Command.OpenSession _, _)) {
        continue;
      }
      if (operation.asked() instanceof ClientOperation.Get
          && !(operation.isLinearizableRead()
              && operation.ended() instanceof ClientOperation.Read)) {
        continue;
      }
      VersionedKv.Input input = input(operation.asked());
      if (input == null) {
        return Optional.empty();
      }
      history.add(operation(operation, input, fates));
    }
    return Optional.of(History.of(history));
  }

  private static Operation<VersionedKv.Input, VersionedKv.Output> operation(
      ClientOperation operation, VersionedKv.Input input, Fates fates) {
    int client = operation.client();
    long called = operation.calledNanos();
    long returned = operation.returnedNanos();
    return switch (operation.ended()) {
      case ClientOperation.Wrote(var result) ->
          Operation.ok(client, input, called, output(result), returned);
      case ClientOperation.Read(var found, _) ->
          Operation.ok(client, input, called, output(found), returned);
      case ClientOperation.Failed _ -> Operation.failed(client, input, called, returned);
      case ClientOperation.Unknown _ -> fates.settle(operation, input);
    };
  }

  private static VersionedKv.@Nullable Input input(ClientOperation.Asked asked) {
    return switch (asked) {
      case ClientOperation.Get(var key, _) -> new VersionedKv.Get(key.utf8());
      case ClientOperation.Scan _ -> null;
      case ClientOperation.Write(var command, _) ->
          switch (command) {
            case Command.Put(var key, var value) -> new VersionedKv.Put(key.utf8(), value.utf8());
            case Command.Delete(var key) -> new VersionedKv.Delete(key.utf8());
            case Command.Transaction transaction -> putIf(transaction);
            case Command.OpenSession(), Command.DeleteRange(_) -> null;
          };
    };
  }

  private static VersionedKv.@Nullable Input putIf(Command.Transaction transaction) {
    if (transaction.conditions().size() != 1
        || transaction.then().size() != 1
        || !transaction.otherwise().isEmpty()) {
      return null;
    }
    var condition = transaction.conditions().getFirst();
    var operation = transaction.then().getFirst();
    if (condition.test()
            instanceof
            Condition.NumberIs(
                Condition.Field field,
                Condition.Comparison comparison,
                long revision)
        && field == Condition.Field.MODIFY_REVISION
        && comparison == Condition.Comparison.EQUAL
        && operation instanceof io.tidemark.statemachine.Operation.Put(Bytes key, Bytes value)
        && key.equals(condition.key())) {
      return new VersionedKv.PutIf(key.utf8(), revision, value.utf8());
    }
    return null;
  }

  private static VersionedKv.Output output(Result result) {
    return switch (result) {
      case Result.Written(long revision) -> new VersionedKv.Written(revision);
      case Result.Deleted(_, long count) -> new VersionedKv.Deleted(count > 0);
      case Result.Decided(long revision, boolean succeeded, _) ->
          succeeded ? new VersionedKv.Written(revision) : new VersionedKv.Refused();
      case Result.SessionOpened _,
          Result.SessionUnknown _,
          Result.AnswerForgotten _,
          Result.AnswerTooLarge _ ->
          throw new IllegalArgumentException("no answer to a write of a key: " + result);
    };
  }

  private static VersionedKv.Output output(List<KeyValue> found) {
    if (found.isEmpty()) {
      return new VersionedKv.Missing();
    }
    KeyValue one = found.getFirst();
    return new VersionedKv.Found(one.value().utf8(), one.modifyRevision(), one.version());
  }

  /// What became of the writes whose outcome their clients do not know.
  private static final class Fates {
    private final Reference reference;
    private final Map<Integer, Long> positions = new HashMap<>();

    // By position, the first return of anything that comes at or after it in the log.
    private final TreeMap<Long, Long> returns = new TreeMap<>();

    Fates(Evidence evidence) {
      reference = Reference.of(evidence.log);
      reference
          .proposals()
          .forEach((position, proposal) ->
              Values.operationsIn(proposal.command())
                  .forEach(operation -> positions.putIfAbsent(operation, position)));
      for (ClientOperation operation : evidence.operations) {
        long returned = operation.returnedNanos();
        if (operation.ended() instanceof ClientOperation.Wrote(var result)) {
          returns.merge(Values.revisionOf(result), returned, Math::min);
        } else if (operation.ended() instanceof ClientOperation.Read(_, long revision)
            && operation.isLinearizableRead()) {
          returns.merge(revision, returned, Math::min);
        }
      }
      long first = Long.MAX_VALUE - 1;
      for (var entry : returns.descendingMap().entrySet()) {
        first = Math.min(first, entry.getValue());
        entry.setValue(first);
      }
    }

    Operation<VersionedKv.Input, VersionedKv.Output> settle(
        ClientOperation operation, VersionedKv.Input input) {
      int client = operation.client();
      long called = operation.calledNanos();
      if (!(operation.asked() instanceof ClientOperation.Write(var command, var requestId))) {
        throw new IllegalArgumentException("only a write has an unknown outcome: " + operation);
      }
      Long position;
      if (requestId.isPresent()) {
        position = reference.effectOf(requestId.get());
      } else if (Values.operationsIn(command).isEmpty()) {
        // Nobody can tell it from others like it.
        return Operation.info(client, input, called);
      } else {
        position = positions.get(operation.id());
      }
      if (position == null) {
        return Operation.failed(client, input, called, operation.returnedNanos());
      }
      var later = returns.ceilingEntry(position);
      long latest = later == null ? Long.MAX_VALUE - 1 : later.getValue();
      return Operation.ok(client, input, called, null, Math.max(called, latest));
    }
  }
}
