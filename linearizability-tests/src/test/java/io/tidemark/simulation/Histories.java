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
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Histories for the checker, out of what the clients of a world saw.
final class Histories {
  private static final String POSITION = "position";

  private Histories() {}

  /// The history of a run in which every operation is of one key; nothing if there are others.
  /// Reads that may be behind, and reads that failed, tell nothing about linearizability.
  ///
  /// A write of unknown outcome is looked up in the log, which is sealed: it did not happen, or it
  /// did after everything before it in the log was called and before anything returned that comes
  /// later, with the answer that follows from the log. That is one of the choices that a checker
  /// would have to try, so what is linearizable with it is so without it.
  static Optional<History<VersionedKv.Input, VersionedKv.Output>> ofSingleKeys(Evidence evidence) {
    var history = new ArrayList<Operation<VersionedKv.Input, VersionedKv.Output>>();
    var fates = new Fates(evidence);
    for (ClientOperation operation : evidence.operations) {
      if (operation.asked() instanceof ClientOperation.Scan
          || operation.asked() instanceof ClientOperation.Write(Command.DeleteRange _, _)) {
        return Optional.empty();
      }
      if (tellsNothing(operation)) {
        continue;
      }
      VersionedKv.Input input = input(operation.asked());
      if (input == null) {
        return Optional.empty();
      }
      history.add(operation(operation, input, Histories::outputOfKey, fates));
    }
    return Optional.of(History.of(history));
  }

  /// The history of a run whose log is there to the end, of all keys together, with writes of
  /// unknown outcome looked up as above.
  static Optional<History<WholeStore.Input, ClientOperation.Ended>> ofTheWhole(Evidence evidence) {
    if (!evidence.isComplete) {
      return Optional.empty();
    }
    var history = new ArrayList<Operation<WholeStore.Input, ClientOperation.Ended>>();
    var fates = new Fates(evidence);
    for (ClientOperation operation : evidence.operations) {
      if (!tellsNothing(operation)) {
        history.add(
            operation(
                operation,
                new WholeStore.Input(operation.asked(), fates.revision(operation)),
                ended -> ended,
                fates));
      }
    }
    return Optional.of(History.of(history));
  }

  private static boolean tellsNothing(ClientOperation operation) {
    return switch (operation.asked()) {
      case ClientOperation.Write(var command, _) -> command instanceof Command.OpenSession;
      case ClientOperation.Get _, ClientOperation.Scan _ ->
          !(operation.isLinearizableRead() && operation.ended() instanceof ClientOperation.Read);
    };
  }

  /// Where an operation of one of these histories is in the log: a write at its position, a read
  /// behind the last that it includes.
  static OptionalLong position(Operation<?, ?> operation) {
    String position = operation.metadata().get(POSITION);
    return position == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(position));
  }

  private static <I, O> Operation<I, O> operation(
      ClientOperation operation, I input, Function<ClientOperation.Ended, O> output, Fates fates) {
    int client = operation.client();
    long called = operation.calledNanos();
    long returned = operation.returnedNanos();
    return switch (operation.ended()) {
      case ClientOperation.Wrote wrote ->
          noted(
              Operation.ok(client, input, called, output.apply(wrote), returned),
              operation,
              Values.revisionOf(wrote.result()));
      case ClientOperation.Read read ->
          noted(
              Operation.ok(client, input, called, output.apply(read), returned),
              operation,
              read.revision());
      case ClientOperation.Failed _ ->
          noted(Operation.failed(client, input, called, returned), operation, null);
      case ClientOperation.Unknown _ -> fates.settle(operation, input, output);
    };
  }

  private static <I, O> Operation<I, O> noted(
      Operation<I, O> operation, ClientOperation from, @Nullable Long position) {
    var notes = new TreeMap<String, String>();
    notes.put("operation", String.valueOf(from.id()));
    if (position != null) {
      notes.put(POSITION, String.valueOf(position));
    }
    return operation.withMetadata(notes);
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
            case Command.OpenSession(), Command.DeleteRange(_), Command.Mark(_) -> null;
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

  private static VersionedKv.Output outputOfKey(ClientOperation.Ended ended) {
    return switch (ended) {
      case ClientOperation.Wrote(var result) -> output(result);
      case ClientOperation.Read(var found, _) -> output(found);
      case ClientOperation.Failed _, ClientOperation.Unknown _ ->
          throw new IllegalArgumentException("no answer: " + ended);
    };
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
          Result.AnswerTooLarge _,
          Result.Marked _ ->
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

    // By twice the position of a write, or one more for a read that includes it: the last call of
    // anything that is there or comes before it in the log.
    private final TreeMap<Long, Long> calls = new TreeMap<>();

    private final boolean isBrokenOff;

    Fates(Evidence evidence) {
      isBrokenOff = !evidence.isComplete;
      reference = evidence.reference();
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
      placeCalls(evidence);
      long first = Long.MAX_VALUE - 1;
      for (var entry : returns.descendingMap().entrySet()) {
        first = Math.min(first, entry.getValue());
        entry.setValue(first);
      }
    }

    private void placeCalls(Evidence evidence) {
      for (ClientOperation operation : evidence.operations) {
        Long position =
            switch (operation.ended()) {
              case ClientOperation.Wrote(var result) -> 2 * Values.revisionOf(result);
              case ClientOperation.Read(_, long revision) when operation.isLinearizableRead() ->
                  2 * revision + 1;
              case ClientOperation.Unknown _ -> twice(position(operation));
              case ClientOperation.Read _, ClientOperation.Failed _ -> null;
            };
        if (position != null) {
          calls.merge(position, operation.calledNanos(), Math::max);
        }
      }
      long last = 0;
      for (var entry : calls.entrySet()) {
        last = Math.max(last, entry.getValue());
        entry.setValue(last);
      }
    }

    private static @Nullable Long twice(@Nullable Long position) {
      return position == null ? null : Long.valueOf(2 * position);
    }

    /// The revision of a write, as far as it is known; else 0.
    long revision(ClientOperation operation) {
      return switch (operation.ended()) {
        case ClientOperation.Wrote(var result) -> Values.revisionOf(result);
        case ClientOperation.Unknown _ -> Objects.requireNonNullElse(position(operation), 0L);
        case ClientOperation.Read _, ClientOperation.Failed _ -> 0;
      };
    }

    // Where a write took effect, or null if it did not or cannot be told from others like it.
    private @Nullable Long position(ClientOperation operation) {
      if (!(operation.asked() instanceof ClientOperation.Write(_, var requestId))) {
        throw new IllegalArgumentException("only a write has an unknown outcome: " + operation);
      }
      return requestId.isPresent()
          ? reference.effectOf(requestId.get())
          : positions.get(operation.id());
    }

    // Every write without values of its own has a request id.
    <I, O> Operation<I, O> settle(
        ClientOperation operation, I input, Function<ClientOperation.Ended, O> output) {
      int client = operation.client();
      long called = operation.calledNanos();
      if (isBrokenOff) {
        return noted(Operation.info(client, input, called), operation, null);
      }
      Long position = position(operation);
      if (position == null) {
        return noted(
            Operation.failed(client, input, called, operation.returnedNanos()), operation, null);
      }
      var later = returns.ceilingEntry(position);
      long latest = later == null ? Long.MAX_VALUE - 1 : later.getValue();
      // No earlier than everything that comes before it in the log; no later is needed.
      latest = Math.min(latest, Objects.requireNonNull(calls.get(2 * position)));
      Result result = reference.result(position);
      O known = result == null ? null : output.apply(new ClientOperation.Wrote(result));
      return noted(
          Operation.ok(client, input, called, known, Math.max(called, latest)),
          operation,
          position);
    }
  }
}
