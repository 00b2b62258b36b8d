package io.tidemark.replica;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogCost;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A log whose answers a test gives by hand.
///
/// Appends and tail checks are answered by themselves until the test holds them. What is appended
/// is durable when it is stored, and comes to readers when it is delivered: the test may do one
/// without the other.
final class ScriptedLog implements Log {
  /// An append that waits for its answer.
  final class HeldAppend {
    final List<Bytes> records;
    final CompletableFuture<Appended> answer = new CompletableFuture<>();

    private HeldAppend(List<Bytes> records) {
      this.records = List.copyOf(records);
    }

    /// Makes the records durable, without a word to anybody; readers get them.
    Appended store() {
      return ScriptedLog.this.store(records);
    }

    /// Makes the records durable and says so.
    void acknowledge() {
      answer.complete(store());
    }

    void fail(LogException failure) {
      answer.completeExceptionally(failure);
    }
  }

  private final UUID id;

  // Guarded by this.
  private final List<Bytes> records = new ArrayList<>();
  private long delivered = START;
  private long trimPoint = START;
  private boolean delivering = true;
  private boolean holdingAppends;
  private boolean holdingChecks;
  private boolean away;
  private boolean sealed;
  private @Nullable LogException readFailure;
  private volatile @Nullable Supplier<LogCost> costs;

  final BlockingQueue<HeldAppend> appends = new LinkedBlockingQueue<>();
  final BlockingQueue<CompletableFuture<Tail>> checks = new LinkedBlockingQueue<>();
  int checksAsked;

  ScriptedLog() {
    this(new UUID(1, 1));
  }

  ScriptedLog(UUID id) {
    this.id = id;
  }

  /// What it says of its cost.
  ScriptedLog costs(Supplier<LogCost> told) {
    costs = told;
    return this;
  }

  @Override
  public Optional<LogCost> cost() {
    Supplier<LogCost> told = costs;
    return told == null ? Optional.empty() : Optional.of(told.get());
  }

  synchronized ScriptedLog holdAppends() {
    holdingAppends = true;
    return this;
  }

  synchronized ScriptedLog holdChecks() {
    holdingChecks = true;
    return this;
  }

  /// Readers get nothing more from here on.
  synchronized ScriptedLog stopDelivering() {
    delivering = false;
    return this;
  }

  /// Readers get this many of the records they were not given.
  synchronized void deliver(int count) {
    delivered += count;
    notifyAll();
  }

  /// Whether calls fail because the log cannot be reached. Readers wait.
  synchronized void setAway(boolean away) {
    this.away = away;
    notifyAll();
  }

  synchronized void failReaders(LogException failure) {
    readFailure = failure;
    notifyAll();
  }

  synchronized void setTrimPoint(long position) {
    trimPoint = position;
  }

  /// Another replica's records, durable at once.
  synchronized Appended store(List<Bytes> batch) {
    long first = tail();
    records.addAll(batch);
    if (delivering) {
      delivered = tail();
    }
    notifyAll();
    return new Appended(first, tail());
  }

  synchronized long tail() {
    return START + records.size();
  }

  synchronized int checksAsked() {
    return checksAsked;
  }

  HeldAppend nextAppend() {
    return next(appends);
  }

  /// Answers the checks that are held with the tail as it is, and those that depart upon it.
  void answerChecks() {
    for (var check = checks.poll(); check != null; check = checks.poll()) {
      check.complete(new Tail.Open(tail()));
    }
  }

  private static <T> T next(BlockingQueue<T> queue) {
    try {
      T next = queue.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing was asked of the log");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public synchronized CompletableFuture<LogInfo> describe() {
    return away
        ? unavailable()
        : CompletableFuture.completedFuture(
            new LogInfo(id, "scripted", trimPoint, 17 << 20, 32 << 20));
  }

  @Override
  public synchronized CompletableFuture<Appended> append(
      List<Bytes> batch, Precondition precondition) {
    if (away) {
      return unavailable();
    }
    if (sealed) {
      return CompletableFuture.failedFuture(new LogException.Sealed(tail()));
    }
    if (holdingAppends) {
      var held = new HeldAppend(batch);
      appends.add(held);
      return held.answer;
    }
    return CompletableFuture.completedFuture(store(batch));
  }

  @Override
  public synchronized CompletableFuture<Tail> checkTail() {
    checksAsked++;
    if (away) {
      return unavailable();
    }
    if (holdingChecks) {
      var held = new CompletableFuture<Tail>();
      checks.add(held);
      return held;
    }
    return CompletableFuture.completedFuture(
        sealed ? new Tail.Sealed(tail()) : new Tail.Open(tail()));
  }

  private static <T> CompletableFuture<T> unavailable() {
    return CompletableFuture.failedFuture(new LogException.Unavailable("the log is away", null));
  }

  @Override
  public LogReader read(long from) {
    return new Reader(from);
  }

  @Override
  public CompletableFuture<Long> trim(long upTo) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized CompletableFuture<Tail.Sealed> seal() {
    sealed = true;
    notifyAll();
    return CompletableFuture.completedFuture(new Tail.Sealed(tail()));
  }

  @Override
  public CompletableFuture<Void> fence(Bytes token) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  private final class Reader implements LogReader {
    private long place;
    private boolean closed;

    private Reader(long from) {
      place = from;
    }

    @Override
    public long position() {
      synchronized (ScriptedLog.this) {
        return place;
      }
    }

    @Override
    public List<LogRecord> next() throws InterruptedException {
      synchronized (ScriptedLog.this) {
        while (true) {
          if (closed) {
            throw new LogException.Closed("the reader");
          }
          if (readFailure != null) {
            throw readFailure;
          }
          if (place < delivered && !away) {
            var next = new ArrayList<LogRecord>();
            for (; place < delivered; place++) {
              next.add(new LogRecord(place, records.get(Math.toIntExact(place - START))));
            }
            return next;
          }
          if (sealed && place == tail()) {
            throw new LogException.Sealed(tail());
          }
          ScriptedLog.this.wait();
        }
      }
    }

    @Override
    public void close() {
      synchronized (ScriptedLog.this) {
        closed = true;
        ScriptedLog.this.notifyAll();
      }
    }
  }
}
