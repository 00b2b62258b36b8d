package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A log, and a ledger of what its user was told.
final class ObservedLog implements Log {
  private final Log log;
  private final LogLedger ledger;

  ObservedLog(Log log, LogLedger ledger) {
    this.log = log;
    this.ledger = ledger;
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    return log.describe();
  }

  @Override
  public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
    List<Bytes> batch = List.copyOf(records);
    LogLedger.Attempt attempt = ledger.attempt(batch);
    return log.append(records, precondition)
        .whenComplete((appended, failure) -> {
          if (failure == null) {
            ledger.acknowledged(attempt, appended);
          } else if (Failures.unwrap(failure) instanceof LogException known) {
            ledger.failed(attempt, known);
          }
        });
  }

  @Override
  public CompletableFuture<Tail> checkTail() {
    long acknowledged = ledger.acknowledgedTail();
    return log.checkTail()
        .whenComplete((tail, failure) -> {
          if (failure == null) {
            ledger.tailProven(acknowledged, tail.position());
          }
        });
  }

  @Override
  public LogReader read(long from) {
    LogReader reader = log.read(from);
    return new LogReader() {
      @Override
      public List<LogRecord> next() throws InterruptedException {
        List<LogRecord> records = reader.next();
        ledger.read(records);
        return records;
      }

      @Override
      public long position() {
        return reader.position();
      }

      @Override
      public void close() {
        reader.close();
      }
    };
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
