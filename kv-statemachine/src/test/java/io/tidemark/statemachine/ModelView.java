package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What the state machine must do, as plainly as it can be said: maps in memory, one record at a
/// time, nothing shared with the real one but the size of an encoded answer.
final class ModelView {
  private final SessionLimits limits;
  private final TreeMap<Bytes, KeyValue> pairs = new TreeMap<>();
  private final Map<Long, ModelSession> sessions = new HashMap<>();
  private long logTimeMillis;
  private long logBytes;
  private long lastMark;

  ModelView(SessionLimits limits) {
    this.limits = limits;
  }

  private static final class ModelSession {
    long lastUsed;
    long greatest;
    long notEvicted;
    final TreeMap<Long, Result> answers = new TreeMap<>();

    ModelSession(long lastUsed) {
      this.lastUsed = lastUsed;
    }
  }

  NavigableMap<Bytes, KeyValue> pairs() {
    return pairs;
  }

  long logTimeMillis() {
    return logTimeMillis;
  }

  long logBytes() {
    return logBytes;
  }

  /// The revision of the last mark, or zero.
  long lastMark() {
    return lastMark;
  }

  List<Long> sessions() {
    return sessions.keySet().stream().sorted().toList();
  }

  Result apply(long position, Proposal proposal) {
    logTimeMillis = Math.max(logTimeMillis, proposal.wallMillis());
    logBytes += Views.RECORD_BYTES;
    if (proposal.requestId().isEmpty()) {
      return perform(position, proposal.command());
    }
    RequestId id = proposal.requestId().get();
    ModelSession session = sessions.get(id.session());
    if (session == null) {
      return new Result.SessionUnknown(id.session());
    }
    if (id.sequence() < floor(session)) {
      return new Result.AnswerForgotten(id.sequence());
    }
    Result before = session.answers.get(id.sequence());
    if (before != null) {
      return before;
    }
    session.lastUsed = position;
    Result result = perform(position, proposal.command());
    session.answers.put(id.sequence(), result);
    session.greatest = Math.max(session.greatest, id.sequence());
    session.answers.headMap(floor(session)).clear();
    while (bytes(session) > limits.answerBytesMax() && floor(session) < session.greatest) {
      session.notEvicted = floor(session) + 1;
      session.answers.headMap(floor(session)).clear();
    }
    return result;
  }

  private long floor(ModelSession session) {
    return Math.max(session.notEvicted, session.greatest - limits.window() + 1);
  }

  private static long bytes(ModelSession session) {
    return session.answers.values().stream()
        .mapToLong(result -> Rows.SLOT_HEAD_LENGTH + RememberedResults.encode(result).length)
        .sum();
  }

  private Result perform(long revision, Command command) {
    return switch (command) {
      case Command.OpenSession() -> {
        sessions.put(revision, new ModelSession(revision));
        if (sessions.size() > limits.sessionsMax()) {
          long oldest =
              sessions.entrySet().stream()
                  .min(
                      Map.Entry.<Long, ModelSession>comparingByValue(
                              Comparator.comparingLong(session -> session.lastUsed))
                          .thenComparing(Map.Entry.comparingByKey()))
                  .orElseThrow()
                  .getKey();
          sessions.remove(oldest);
        }
        yield new Result.SessionOpened(revision);
      }
      case Command.Put(var key, var value) -> {
        put(revision, key, value);
        yield new Result.Written(revision);
      }
      case Command.Delete(var key) ->
          new Result.Deleted(revision, pairs.remove(key) == null ? 0 : 1);
      case Command.DeleteRange(var range) -> new Result.Deleted(revision, deleteRange(range));
      case Command.Transaction(var conditions, var then, var otherwise) -> {
        boolean holds = conditions.stream().allMatch(this::holds);
        yield decide(revision, holds, holds ? then : otherwise);
      }
      case Command.Mark(var previous) -> {
        boolean effective = previous == lastMark;
        lastMark = effective ? revision : lastMark;
        yield new Result.Marked(revision, effective);
      }
    };
  }

  private Result decide(long revision, boolean holds, List<Operation> branch) {
    var before = new TreeMap<>(pairs);
    var answers = new ArrayList<Answer>();
    long bytes = 0;
    for (Operation operation : branch) {
      switch (operation) {
        case Operation.Put(var key, var value) -> {
          put(revision, key, value);
          answers.add(new Answer.Written());
        }
        case Operation.Delete(var key) ->
            answers.add(new Answer.Deleted(pairs.remove(key) == null ? 0 : 1));
        case Operation.DeleteRange(var range) ->
            answers.add(new Answer.Deleted(deleteRange(range)));
        case Operation.Get(var key) -> {
          Optional<KeyValue> found = Optional.ofNullable(pairs.get(key));
          bytes += found.map(there -> there.key().length() + there.value().length()).orElse(0);
          answers.add(new Answer.Found(found));
        }
      }
    }
    if (bytes > StateMachine.ANSWER_BYTES_MAX) {
      pairs.clear();
      pairs.putAll(before);
      return new Result.AnswerTooLarge(bytes);
    }
    return new Result.Decided(revision, holds, answers);
  }

  private void put(long revision, Bytes key, Bytes value) {
    KeyValue before = pairs.get(key);
    pairs.put(
        key,
        before == null
            ? new KeyValue(key, value, revision, revision, 1)
            : new KeyValue(key, value, before.createRevision(), revision, before.version() + 1));
  }

  private long deleteRange(KeyRange range) {
    var gone = pairs.keySet().stream().filter(range::contains).toList();
    gone.forEach(pairs::remove);
    return gone.size();
  }

  private boolean holds(Condition condition) {
    Optional<KeyValue> found = Optional.ofNullable(pairs.get(condition.key()));
    return switch (condition.test()) {
      case Condition.Exists() -> found.isPresent();
      case Condition.Missing() -> found.isEmpty();
      case Condition.ValueIs(var comparison, var operand) ->
          found.isPresent() && holds(comparison, found.get().value().compareTo(operand));
      case Condition.NumberIs(var field, var comparison, var operand) -> {
        long number =
            switch (field) {
              case CREATE_REVISION -> found.map(KeyValue::createRevision).orElse(0L);
              case MODIFY_REVISION -> found.map(KeyValue::modifyRevision).orElse(0L);
              case VERSION -> found.map(KeyValue::version).orElse(0L);
            };
        yield holds(comparison, Long.compare(number, operand));
      }
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
}
