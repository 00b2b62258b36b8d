package io.tidemark.client;

import io.tidemark.api.v1.Answer;
import io.tidemark.api.v1.Comparison;
import io.tidemark.api.v1.Condition;
import io.tidemark.api.v1.DeleteAnswer;
import io.tidemark.api.v1.GetAnswer;
import io.tidemark.api.v1.KeyRange;
import io.tidemark.api.v1.KeyValuePair;
import io.tidemark.api.v1.NumberTest;
import io.tidemark.api.v1.Operation;
import io.tidemark.api.v1.PutAnswer;
import io.tidemark.api.v1.Reason;
import io.tidemark.api.v1.RequestId;
import io.tidemark.base.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.LongFunction;

/// A cluster in memory: one state behind several nodes on loopback ports, with the sessions of the
/// contract. It applies in the order of arrival; revisions have gaps.
public final class FakeCluster implements AutoCloseable {
  private static final long GAP = 3;

  private static final class Session {
    final NavigableMap<Long, Object> answers = new TreeMap<>();
  }

  private final List<FakeNode> nodes = new ArrayList<>();
  private final NavigableMap<Bytes, KeyValuePair> state = new TreeMap<>();
  private final Map<Long, Session> sessions = new HashMap<>();
  private final Map<Bytes, Integer> writes = new HashMap<>();
  private long revision;
  private int sessionsOpened;
  private int window = 1_024;
  private boolean sawTooFarAhead;

  /// A cluster of so many nodes.
  public FakeCluster(int size) {
    for (int i = 0; i < size; i++) {
      nodes.add(new FakeNode(this));
    }
  }

  /// The node of this number, from 0.
  public FakeNode node(int number) {
    return nodes.get(number);
  }

  /// Where the nodes listen.
  public List<String> endpoints() {
    return nodes.stream().map(FakeNode::endpoint).toList();
  }

  synchronized long revision() {
    return revision;
  }

  /// How often a put of this key took effect.
  public synchronized int writesOf(String key) {
    return writes.getOrDefault(Bytes.utf8(key), 0);
  }

  /// What is there.
  public synchronized NavigableMap<Bytes, KeyValuePair> state() {
    return new TreeMap<>(state);
  }

  /// What is there, with the revision up to which it is.
  synchronized <T> T read(BiFunction<NavigableMap<Bytes, KeyValuePair>, Long, T> reader) {
    return reader.apply(new TreeMap<>(state), revision);
  }

  synchronized int sessionsOpened() {
    return sessionsOpened;
  }

  synchronized int window() {
    return window;
  }

  synchronized void window(int sequences) {
    window = sequences;
  }

  /// Whether a request came that was too far ahead of one that came after it.
  synchronized boolean sawTooFarAhead() {
    return sawTooFarAhead;
  }

  synchronized void forgetSessions() {
    sessions.clear();
  }

  synchronized long openSession() {
    revision += GAP;
    sessions.put(revision, new Session());
    sessionsOpened++;
    return revision;
  }

  /// Does `write` at the next revision, unless the request was done before.
  synchronized <R> R once(RequestId id, LongFunction<R> write, Class<R> type) {
    Session session = sessions.get(id.getSession());
    if (session == null) {
      throw new Refusal(Reason.REASON_SESSION_UNKNOWN, "session " + id.getSession());
    }
    Object remembered = session.answers.get(id.getSequence());
    if (remembered != null) {
      return type.cast(remembered);
    }
    if (!session.answers.isEmpty() && session.answers.lastKey() - id.getSequence() >= window) {
      sawTooFarAhead = true;
      throw new Refusal(Reason.REASON_ANSWER_FORGOTTEN, "sequence " + id.getSequence());
    }
    revision += GAP;
    R answer = write.apply(revision);
    session.answers.put(id.getSequence(), answer);
    session.answers.headMap(session.answers.lastKey() - window, true).clear();
    return answer;
  }

  synchronized void put(Bytes key, Bytes value, long at) {
    KeyValuePair before = state.get(key);
    writes.merge(key, 1, Integer::sum);
    state.put(
        key,
        KeyValuePair.newBuilder()
            .setKey(Wire.bytes(key))
            .setValue(Wire.bytes(value))
            .setCreateRevision(before == null ? at : before.getCreateRevision())
            .setModifyRevision(at)
            .setVersion(before == null ? 1 : before.getVersion() + 1)
            .build());
  }

  synchronized long delete(KeyRange range) {
    var there = within(state, range);
    long count = there.size();
    there.clear();
    return count;
  }

  static NavigableMap<Bytes, KeyValuePair> within(
      NavigableMap<Bytes, KeyValuePair> state, KeyRange range) {
    return switch (range.getRangeCase()) {
      case KEY -> {
        Bytes key = Wire.bytes(range.getKey());
        yield state.subMap(key, true, key, true);
      }
      case PREFIX -> {
        Bytes prefix = Wire.bytes(range.getPrefix());
        yield prefix
            .afterPrefix()
            .map(end -> state.subMap(prefix, true, end, false))
            .orElseGet(() -> state.tailMap(prefix, true));
      }
      case INTERVAL -> {
        Bytes from = Wire.bytes(range.getInterval().getFrom());
        if (!range.getInterval().hasTo()) {
          yield state.tailMap(from, true);
        }
        Bytes to = Wire.bytes(range.getInterval().getTo());
        yield to.compareTo(from) <= 0 ? new TreeMap<>() : state.subMap(from, true, to, false);
      }
      case RANGE_NOT_SET -> throw new Refusal(Reason.REASON_INVALID_REQUEST, "no range");
    };
  }

  synchronized boolean holds(Condition condition) {
    KeyValuePair pair = state.get(Wire.bytes(condition.getKey()));
    return switch (condition.getTestCase()) {
      case EXISTS -> condition.getExists() == (pair != null);
      case VALUE ->
          pair != null
              && compares(
                  condition.getValue().getComparison(),
                  Wire.bytes(pair.getValue())
                      .compareTo(Wire.bytes(condition.getValue().getOperand())));
      case CREATE_REVISION ->
          compares(condition.getCreateRevision(), pair == null ? 0 : pair.getCreateRevision());
      case MODIFY_REVISION ->
          compares(condition.getModifyRevision(), pair == null ? 0 : pair.getModifyRevision());
      case VERSION -> compares(condition.getVersion(), pair == null ? 0 : pair.getVersion());
      case TEST_NOT_SET -> throw new Refusal(Reason.REASON_INVALID_REQUEST, "no test");
    };
  }

  private static boolean compares(NumberTest test, long actual) {
    return compares(test.getComparison(), Long.compare(actual, test.getOperand()));
  }

  private static boolean compares(Comparison comparison, int order) {
    return switch (comparison) {
      case COMPARISON_EQUAL -> order == 0;
      case COMPARISON_NOT_EQUAL -> order != 0;
      case COMPARISON_LESS -> order < 0;
      case COMPARISON_GREATER -> order > 0;
      case COMPARISON_UNSPECIFIED, UNRECOGNIZED ->
          throw new Refusal(Reason.REASON_INVALID_REQUEST, "no comparison");
    };
  }

  synchronized Answer done(Operation operation, long at) {
    var answer = Answer.newBuilder();
    switch (operation.getOperationCase()) {
      case PUT -> {
        put(Wire.bytes(operation.getPut().getKey()), Wire.bytes(operation.getPut().getValue()), at);
        answer.setPut(PutAnswer.getDefaultInstance());
      }
      case DELETE ->
          answer.setDelete(
              DeleteAnswer.newBuilder()
                  .setDeletedCount(
                      delete(
                          KeyRange.newBuilder().setKey(operation.getDelete().getKey()).build())));
      case DELETE_RANGE ->
          answer.setDelete(
              DeleteAnswer.newBuilder()
                  .setDeletedCount(delete(operation.getDeleteRange().getRange())));
      case GET -> {
        var found = GetAnswer.newBuilder();
        KeyValuePair pair = state.get(Wire.bytes(operation.getGet().getKey()));
        if (pair != null) {
          found.setPair(pair);
        }
        answer.setGet(found);
      }
      case OPERATION_NOT_SET -> throw new Refusal(Reason.REASON_INVALID_REQUEST, "no operation");
    }
    return answer.build();
  }

  @Override
  public void close() {
    nodes.forEach(FakeNode::close);
  }

  /// What a node answers with instead of an answer.
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Reason reason;

    Refusal(Reason reason, String detail) {
      super(detail);
      this.reason = reason;
    }

    Reason reason() {
      return reason;
    }
  }
}
