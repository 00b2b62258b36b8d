package io.tidemark.replica;

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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/// A replica's way to a log that several share: what its first reader reads may be bent or held up,
/// as by a bad memory or a slow machine; later readers read what is there.
final class BentLog implements Log {
  private final Log log;
  private final AtomicInteger readers = new AtomicInteger();
  private final AtomicLong firstTail = new AtomicLong();
  private volatile UnaryOperator<LogRecord> bend = record -> record;
  private volatile Optional<CountDownLatch> hold = Optional.empty();
  private volatile boolean trimming = true;

  BentLog(Log log) {
    this.log = log;
  }

  /// The first reader reads this instead.
  BentLog bending(UnaryOperator<LogRecord> how) {
    bend = how;
    return this;
  }

  /// The first reader reads nothing more until the latch is down.
  CountDownLatch hold() {
    var latch = new CountDownLatch(1);
    hold = Optional.of(latch);
    return latch;
  }

  /// The first to ask for the tail is told this one, as if he had asked that early.
  BentLog withFirstTail(long position) {
    firstTail.set(position);
    return this;
  }

  void setTrimming(boolean works) {
    trimming = works;
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
    long early = firstTail.getAndSet(0);
    return early > 0 ? CompletableFuture.completedFuture(new Tail.Open(early)) : log.checkTail();
  }

  @Override
  public LogReader read(long from) {
    LogReader reader = log.read(from);
    return readers.getAndIncrement() == 0 ? new Bent(reader) : reader;
  }

  @Override
  public CompletableFuture<Long> trim(long upTo) {
    return trimming
        ? log.trim(upTo)
        : CompletableFuture.failedFuture(new LogException.Unavailable("no trimming now", null));
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
  public void close() {}

  private final class Bent implements LogReader {
    private final LogReader reader;

    Bent(LogReader reader) {
      this.reader = reader;
    }

    @Override
    public List<LogRecord> next() throws InterruptedException {
      if (hold.isPresent()) {
        hold.get().await();
      }
      List<LogRecord> records = reader.next();
      return records.stream().map(bend).toList();
    }

    @Override
    public long position() {
      return reader.position();
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
