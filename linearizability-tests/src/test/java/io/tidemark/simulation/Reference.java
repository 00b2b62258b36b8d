package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogRecord;
import io.tidemark.statemachine.Answer;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Condition;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Operation;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a log means, worked out a second time and as plainly as possible: every version of every
/// key, and the answer to every record. It forgets nothing.
final class Reference {
  private final TreeMap<Bytes, TreeMap<Long, Optional<KeyValue>>> versions = new TreeMap<>();
  private final TreeMap<Long, Result> results = new TreeMap<>();
  private final TreeMap<Long, Proposal> proposals = new TreeMap<>();
  private final Map<RequestId, Long> effective = new HashMap<>();
  private final Set<Long> sessions = new HashSet<>();

  private Reference() {}

  /// Replays the records of a log from its begin.
  static Reference of(List<LogRecord> log) {
    var reference = new Reference();
    for (LogRecord record : log) {
      reference.apply(record.position(), ProposalCodec.decode(record.payload()));
    }
    return reference;
  }

  /// What the record at this position asks for.
  @Nullable Proposal proposal(long position) {
    return proposals.get(position);
  }

  Map<Long, Proposal> proposals() {
    return proposals;
  }

  /// The answer to the record at this position.
  @Nullable Result result(long position) {
    return results.get(position);
  }

  /// Where a request took effect, or null if it did not.
  @Nullable Long effectOf(RequestId request) {
    return effective.get(request);
  }

  /// What a key holds when everything up to this revision is folded in.
  Optional<KeyValue> get(Bytes key, long revision) {
    var ofKey = versions.get(key);
    var last = ofKey == null ? null : ofKey.floorEntry(revision);
    return last == null ? Optional.empty() : last.getValue();
  }

  /// What a range holds when everything up to this revision is folded in.
  List<KeyValue> scan(KeyRange range, long revision) {
    var found = new ArrayList<KeyValue>();
    for (Bytes key : versions.keySet()) {
      if (range.contains(key)) {
        get(key, revision).ifPresent(found::add);
      }
    }
    return found;
  }

  private void apply(long position, Proposal proposal) {
    proposals.put(position, proposal);
    Result result =
        proposal
            .requestId()
            .map(request -> answer(request, position, proposal.command()))
            .orElseGet(() -> perform(position, proposal.command()));
    results.put(position, result);
  }

  private Result answer(RequestId request, long position, Command command) {
    if (!sessions.contains(request.session())) {
      return new Result.SessionUnknown(request.session());
    }
    Long before = effective.get(request);
    if (before != null) {
      Result remembered = results.get(before);
      if (remembered == null) {
        throw new AssertionError("what took effect has a result");
      }
      return remembered;
    }
    effective.put(request, position);
    return perform(position, command);
  }

  private Result perform(long position, Command command) {
    return switch (command) {
      case Command.OpenSession() -> {
        sessions.add(position);
        yield new Result.SessionOpened(position);
      }
      case Command.Put(var key, var value) -> {
        put(position, key, value);
        yield new Result.Written(position);
      }
      case Command.Delete(var key) ->
          new Result.Deleted(position, delete(position, KeyRange.key(key)));
      case Command.DeleteRange(var range) -> new Result.Deleted(position, delete(position, range));
      case Command.Transaction transaction -> decide(position, transaction);
    };
  }

  private void put(long position, Bytes key, Bytes value) {
    var written =
        get(key, position)
            .map(old -> new KeyValue(key, value, old.createRevision(), position, old.version() + 1))
            .orElseGet(() -> new KeyValue(key, value, position, position, 1));
    versions.computeIfAbsent(key, _ -> new TreeMap<>()).put(position, Optional.of(written));
  }

  private long delete(long position, KeyRange range) {
    List<KeyValue> found = scan(range, position);
    for (KeyValue each : found) {
      versions.computeIfAbsent(each.key(), _ -> new TreeMap<>()).put(position, Optional.empty());
    }
    return found.size();
  }

  private Result decide(long position, Command.Transaction transaction) {
    boolean holds =
        transaction.conditions().stream()
            .allMatch(condition -> holds(condition, get(condition.key(), position)));
    var answers = new ArrayList<Answer>();
    for (Operation operation : holds ? transaction.then() : transaction.otherwise()) {
      answers.add(
          switch (operation) {
            case Operation.Put(var key, var value) -> {
              put(position, key, value);
              yield new Answer.Written();
            }
            case Operation.Delete(var key) ->
                new Answer.Deleted(delete(position, KeyRange.key(key)));
            case Operation.DeleteRange(var range) -> new Answer.Deleted(delete(position, range));
            case Operation.Get(var key) -> new Answer.Found(get(key, position));
          });
    }
    return new Result.Decided(position, holds, answers);
  }

  private static boolean holds(Condition condition, Optional<KeyValue> found) {
    return switch (condition.test()) {
      case Condition.Exists() -> found.isPresent();
      case Condition.Missing() -> found.isEmpty();
      case Condition.ValueIs(var comparison, var operand) ->
          found.isPresent() && holds(comparison, found.get().value().compareTo(operand));
      case Condition.NumberIs(var field, var comparison, var operand) ->
          holds(comparison, Long.compare(number(field, found), operand));
    };
  }

  private static long number(Condition.Field field, Optional<KeyValue> found) {
    return found
        .map(there ->
            switch (field) {
              case CREATE_REVISION -> there.createRevision();
              case MODIFY_REVISION -> there.modifyRevision();
              case VERSION -> there.version();
            })
        .orElse(0L);
  }

  private static boolean holds(Condition.Comparison comparison, int compared) {
    return switch (comparison) {
      case EQUAL -> compared == 0;
      case NOT_EQUAL -> compared != 0;
      case LESS -> compared < 0;
      case GREATER -> compared > 0;
    };
  }
}
