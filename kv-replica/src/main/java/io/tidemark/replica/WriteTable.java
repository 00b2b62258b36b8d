package io.tidemark.replica;

import io.tidemark.statemachine.Result;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The writes that are not answered, by ordinal: a ring without locks. There are at least twice as
/// many places as writes, so a free one is near; an ordinal whose place is taken is passed over.
///
/// A write is taken out once, and whoever took it out answers it. It counts as waiting until it is
/// answered, so that what nobody has come to answer is bounded too. Any thread may call anything.
final class WriteTable {
  /// What a write occupies beside its keys and values, roughly.
  private static final long BYTES_EACH = 256;

  private final ReplicaConfig.Bounds bounds;
  private final ReplicaMetrics metrics;
  private final AtomicReferenceArray<@Nullable PendingWrite> places;
  private final int mask;
  private final AtomicLong ordinals = new AtomicLong();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  WriteTable(ReplicaConfig.Bounds bounds, ReplicaMetrics metrics) {
    this.bounds = bounds;
    this.metrics = metrics;
    int size = Integer.highestOneBit(bounds.writesMax()) << 2;
    this.places = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
  }

  /// Takes in a write of so many bytes of keys and values, under a new ordinal.
  PendingWrite admit(long requestBytes, long beganNanos, long deadlineNanos) {
    long size = requestBytes + BYTES_EACH;
    if (count.incrementAndGet() > bounds.writesMax()) {
      count.decrementAndGet();
      throw overloaded(bounds.writesMax() + " writes");
    }
    // A write that would alone exceed the bound is taken when nothing else waits.
    long waiting = bytes.addAndGet(size);
    if (waiting > bounds.writeBytesMax() && waiting != size) {
      bytes.addAndGet(-size);
      count.decrementAndGet();
      throw overloaded("writes of " + bounds.writeBytesMax() + " bytes");
    }
    while (true) {
      var write = new PendingWrite(ordinals.incrementAndGet(), size, beganNanos, deadlineNanos);
      if (places.compareAndSet(place(write.ordinal), null, write)) {
        return write;
      }
    }
  }

  /// Takes out the write with this ordinal, if it is there.
  @Nullable PendingWrite take(long ordinal) {
    PendingWrite write = places.get(place(ordinal));
    return write != null && write.ordinal == ordinal && take(write) ? write : null;
  }

  /// Takes out this write; false if somebody else did.
  boolean take(PendingWrite write) {
    return places.compareAndSet(place(write.ordinal), write, null);
  }

  /// Answers a write that the caller took out.
  void answer(PendingWrite write, Result result) {
    forget(write);
    write.complete(result);
  }

  /// Fails a write that the caller took out.
  void fail(PendingWrite write, ReplicaException failure) {
    forget(write);
    write.completeExceptionally(failure);
  }

  private void forget(PendingWrite write) {
    bytes.addAndGet(-write.bytes);
    count.decrementAndGet();
  }

  /// Shows every write that is there throughout.
  void forEach(Consumer<PendingWrite> action) {
    for (int i = 0; i <= mask; i++) {
      PendingWrite write = places.get(i);
      if (write != null) {
        action.accept(write);
      }
    }
  }

  int count() {
    return count.get();
  }

  long bytes() {
    return bytes.get();
  }

  private int place(long ordinal) {
    return (int) ordinal & mask;
  }

  private ReplicaException.Overloaded overloaded(String what) {
    metrics.writesOverloaded.inc();
    return new ReplicaException.Overloaded(
        "too many writes wait for the log: it holds up " + what, null);
  }
}
