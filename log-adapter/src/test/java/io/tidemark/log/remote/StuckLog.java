package io.tidemark.log.remote;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A log whose disk can hang: appends enter it, and nobody is told before it thaws.
final class StuckLog implements Log {
  private final Log log;
  private final List<Runnable> held = new ArrayList<>();
  private boolean frozen;
  private int underWay;
  private int underWayMost;

  StuckLog(Log log) {
    this.log = log;
  }

  synchronized void freeze() {
    frozen = true;
  }

  synchronized void thaw() {
    frozen = false;
    held.forEach(Runnable::run);
    held.clear();
  }

  /// The most appends that were held at once.
  synchronized int underWayMost() {
    return underWayMost;
  }

  @Override
  public synchronized CompletableFuture<Appended> append(
      List<Bytes> records, Precondition precondition) {
    var appended = log.append(records, precondition);
    if (!frozen) {
      return appended;
    }
    underWay++;
    underWayMost = Math.max(underWayMost, underWay);
    var told = new CompletableFuture<Appended>();
    held.add(() -> {
      underWay--;
      told.complete(appended.join());
    });
    return told;
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    return log.describe();
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
    log.close();
  }
}
