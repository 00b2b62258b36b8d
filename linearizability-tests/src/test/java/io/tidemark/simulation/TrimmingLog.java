package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongUnaryOperator;

/// A log whose user trims it by itself: what is trimmed is kept first for the judgement, and it is
/// written down what was asked for, and what could be.
final class TrimmingLog implements Log {
  private final Log log;
  private final String replica;
  private final LongUnaryOperator asked;
  private final ReplicaDisk.Events events;
  private final Operator operator;
  private final CheckpointNode checkpoints;
  private final Evidence evidence;

  /// @param asked what is asked of the log instead
  TrimmingLog(
      Log log,
      String replica,
      LongUnaryOperator asked,
      ReplicaDisk.Events events,
      Operator operator,
      CheckpointNode checkpoints,
      Evidence evidence) {
    this.log = log;
    this.replica = replica;
    this.asked = asked;
    this.events = events;
    this.operator = operator;
    this.checkpoints = checkpoints;
    this.evidence = evidence;
  }

  @Override
  public CompletableFuture<Long> trim(long upTo) {
    events.step("trim");
    long point = asked.applyAsLong(upTo);
    long allowed = checkpoints.trimmable();
    return operator
        .archived(point)
        .thenCompose(_ -> log.trim(point))
        .whenComplete((told, failure) ->
            evidence.ownTrims.add(
                new Evidence.OwnTrim(
                    replica,
                    point,
                    allowed,
                    failure == null ? told : Log.START,
                    checkpoints.trimmable())));
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    return log.describe();
  }

  @Override
  public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
    return log.append(records, precondition);
  }

  @Override
  public CompletableFuture<Tail> checkTail() {
    return log.checkTail();
  }

  @Override
  public LogReader read(long from) {
    return log.read(from);
  }

  @Override
  public CompletableFuture<Void> fence(Bytes token) {
    return log.fence(token);
  }

  @Override
  public CompletableFuture<Tail.Sealed> seal() {
    return log.seal();
  }

  @Override
  public void close() {
    log.close();
  }
}
