package io.tidemark.replica;

import java.util.concurrent.CompletableFuture;

/// Somebody who waits for the log's tail to be proven by something sent after they arrived.
abstract sealed class Rider<T> extends CompletableFuture<T> permits PendingRead, TailQuery {
  final long beganNanos;
  final long deadlineNanos;

  /// Counts the riders in the order of their arrival; under the lock of the [TailChecker].
  long ticket;

  Rider(long beganNanos, long deadlineNanos) {
    this.beganNanos = beganNanos;
    this.deadlineNanos = deadlineNanos;
  }
}
