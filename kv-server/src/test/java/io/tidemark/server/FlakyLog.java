package io.tidemark.server;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// A log that goes away and comes back as a test tells it to.
final class FlakyLog implements Log {
  private final Log behind;
  private volatile boolean away;

  FlakyLog(Log behind) {
    this.behind = behind;
  }

  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    return unlessAway(behind::describe);
  }

  @Override
  public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
    return unlessAway(() -> behind.append(records, precondition));
  }

  @Override
  public CompletableFuture<Tail> checkTail() {
    return unlessAway(behind::checkTail);
  }

  @Override
  public LogReader read(long from) {
    return behind.read(from);
  }

  @Override
  public CompletableFuture<Long> trim(long upTo) {
    return unlessAway(() -> behind.trim(upTo));
  }

  @Override
  public CompletableFuture<Tail.Sealed> seal() {
    return unlessAway(behind::seal);
  }

  @Override
  public CompletableFuture<Void> fence(Bytes token) {
    return unlessAway(() -> behind.fence(token));
  }

  @Override
  public void close() {
    behind.close();
  }

  private <T> CompletableFuture<T> unlessAway(Supplier<CompletableFuture<T>> call) {
    return away
        ? CompletableFuture.failedFuture(new LogException.Unavailable("the log is away", null))
        : call.get();
  }
}
