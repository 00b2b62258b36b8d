package io.tidemark.log.memory;

import io.tidemark.base.Bytes;
import io.tidemark.base.Invariants;
import io.tidemark.log.AppendRules;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// A log that is forgotten when the process ends. Futures are complete when they are returned.
public final class MemoryLog implements Log {
  /// The largest record: the largest value of the database and its surroundings.
  public static final int RECORD_BYTES_MAX = 17 << 20;

  /// The largest batch.
  public static final int BATCH_BYTES_MAX = 32 << 20;

  /// What a log holds unless it is told otherwise.
  public static final long LOG_BYTES_MAX_DEFAULT = 256L << 20;

  /// What one [LogReader#next()] returns at most, beyond its first record.
  private static final int READ_BYTES_MAX = 1 << 20;

  private static final int READ_RECORDS_MAX = 1_024;

  private final UUID id;
  private final long logBytesMax;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below under the lock. `records` holds the positions from `trimPoint` to the tail.
  private final List<Bytes> records = new ArrayList<>();
  private long trimPoint;
  private long logBytes;
  private Bytes fence = Bytes.EMPTY;
  private boolean sealed;
  private boolean closed;

  /// An empty log with this id and the default size.
  public MemoryLog(UUID id) {
    this(id, LOG_BYTES_MAX_DEFAULT);
  }

  /// An empty log with this id.
  ///
  /// @param logBytesMax the sum of the records beyond which appends fail with
  ///   [LogException.Unavailable] until the log is trimmed
  public MemoryLog(UUID id, long logBytesMax) {
    this(id, logBytesMax, START);
  }

  private MemoryLog(UUID id, long logBytesMax, long first) {
    this.id = id;
    this.logBytesMax = logBytesMax;
    this.trimPoint = first;
  }

  /// An empty log with a random id.
  public static MemoryLog create() {
    return new MemoryLog(UUID.randomUUID());
  }

  /// An empty log with a random id, whose first position is this.
  ///
  /// @throws IllegalArgumentException if no log may begin there
  public static MemoryLog beginningAt(long first) {
    return new MemoryLog(
        UUID.randomUUID(), LOG_BYTES_MAX_DEFAULT, AppendRules.checkFirstPosition(first));
  }

  @Override
  public CompletableFuture<LogInfo> describe() {
    return locked(() -> new LogInfo(id, "memory", trimPoint, RECORD_BYTES_MAX, BATCH_BYTES_MAX));
  }

  @Override
  public CompletableFuture<Appended> append(List<Bytes> batch, Precondition precondition) {
    return locked(() -> {
      int bytes = AppendRules.checkSize(batch, RECORD_BYTES_MAX, BATCH_BYTES_MAX);
      long first = tail();
      Optional<LogException> refusal = AppendRules.refusal(precondition, first, fence, sealed);
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      if (logBytes + bytes > logBytesMax) {
        throw new LogException.Unavailable(
            "the log in memory is full: it holds at most " + logBytesMax + " bytes", null);
      }
      records.addAll(batch);
      logBytes += bytes;
      changed.signalAll();
      return new Appended(first, tail());
    });
  }

  @Override
  public CompletableFuture<Tail> checkTail() {
    return locked(() -> sealed ? new Tail.Sealed(tail()) : new Tail.Open(tail()));
  }

  @Override
  public LogReader read(long from) {
    return new Reader(AppendRules.checkFrom(from));
  }

  @Override
  public CompletableFuture<Long> trim(long upTo) {
    return locked(() -> {
      long point = Math.min(upTo, tail());
      if (point > trimPoint) {
        List<Bytes> forgotten = records.subList(0, Math.toIntExact(point - trimPoint));
        logBytes -= forgotten.stream().mapToLong(Bytes::length).sum();
        forgotten.clear();
        trimPoint = point;
      }
      Invariants.check(logBytes >= 0, "a log holds no less than nothing", logBytes);
      return trimPoint;
    });
  }

  @Override
  public CompletableFuture<Tail.Sealed> seal() {
    return locked(() -> {
      sealed = true;
      changed.signalAll();
      return new Tail.Sealed(tail());
    });
  }

  @Override
  public CompletableFuture<Void> fence(Bytes token) {
    return locked(
            () -> {
              AppendRules.checkToken(token);
              if (sealed) {
                throw new LogException.Sealed(tail());
              }
              fence = token;
              return token;
            })
        .thenAccept(_ -> {});
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long tail() {
    return trimPoint + records.size();
  }

  private <T> CompletableFuture<T> locked(Supplier<T> call) {
    lock.lock();
    try {
      if (closed) {
        throw new LogException.Closed("the log in memory");
      }
      return CompletableFuture.completedFuture(call.get());
    } catch (LogException failure) {
      return CompletableFuture.failedFuture(failure);
    } finally {
      lock.unlock();
    }
  }

  private final class Reader implements LogReader {
    // Both under the log's lock.
    private long place;
    private boolean readerClosed;

    private Reader(long from) {
      place = from;
    }

    @Override
    public List<LogRecord> next() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (true) {
          if (closed || readerClosed) {
            throw new LogException.Closed(closed ? "the log in memory" : "the reader");
          }
          if (place < trimPoint) {
            throw new LogException.Trimmed(place, trimPoint);
          }
          if (place < tail()) {
            return take();
          }
          if (sealed) {
            throw new LogException.Sealed(tail());
          }
          changed.await();
        }
      } finally {
        lock.unlock();
      }
    }

    private List<LogRecord> take() {
      List<LogRecord> taken = new ArrayList<>();
      long bytes = 0;
      while (place < tail() && taken.size() < READ_RECORDS_MAX && bytes < READ_BYTES_MAX) {
        Bytes payload = records.get(Math.toIntExact(place - trimPoint));
        taken.add(new LogRecord(place, payload));
        bytes += payload.length();
        place++;
      }
      return taken;
    }

    @Override
    public long position() {
      lock.lock();
      try {
        return place;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        readerClosed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
