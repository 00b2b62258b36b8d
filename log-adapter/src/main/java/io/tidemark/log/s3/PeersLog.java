package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A log as its writer serves it to other writers.
final class PeersLog implements Log {
  private final SlotLog log;

  PeersLog(SlotLog log) {
    this.log = log;
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    return log.describe();
  }

  @Override
  public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
    return log.append(records, precondition, true);
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
  public CompletableFuture<Long> trim(long upTo) {
    return log.trim(upTo);
  }

  @Override
  public CompletableFuture<Tail.Sealed> seal() {
    return log.seal();
  }

  @Override
  public CompletableFuture<Void> fence(Bytes token) {
    return log.fence(token);
  }

  @Override
  public void close() {
    // It is its owner's.
  }
}
