package io.tidemark.replica;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.Result;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// A write that is not answered. Whoever takes it out of the [WriteTable] answers it; whoever
/// settles it decides whether it is ever sent.
final class PendingWrite extends CompletableFuture<Result> {
  final long ordinal;

  /// Its keys and values, in bytes.
  final long bytes;

  final long beganNanos;
  final long deadlineNanos;

  /// Its record; set before it is given to the [Appender], which alone reads it.
  Bytes record = Bytes.EMPTY;

  private final AtomicBoolean settled = new AtomicBoolean();

  PendingWrite(long ordinal, long bytes, long beganNanos, long deadlineNanos) {
    this.ordinal = ordinal;
    this.bytes = bytes;
    this.beganNanos = beganNanos;
    this.deadlineNanos = deadlineNanos;
  }

  /// True, once, for whoever may send it; it may be in the log from here on.
  boolean send() {
    return settled.compareAndSet(false, true);
  }

  /// True if it was not sent and so never will be; false if it may be in the log.
  boolean withdraw() {
    return settled.compareAndSet(false, true);
  }
}
