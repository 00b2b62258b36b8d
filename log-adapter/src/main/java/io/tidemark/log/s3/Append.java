package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.LogException;
import io.tidemark.log.Precondition;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// An append on its way, in the log's mailbox.
final class Append {
  final List<Bytes> records;
  final int bytes;
  final Precondition precondition;
  final long beganNanos;
  final long deadlineNanos;
  final CompletableFuture<Appended> answer = new CompletableFuture<>();

  /// Whether it came from another writer, and is not handed on.
  final boolean fromPeer;

  /// Whether the tail was proven anew since it came, so that a refusal is no stale one.
  boolean tailProven;

  Append(
      List<Bytes> records,
      int bytes,
      Precondition precondition,
      long beganNanos,
      long deadlineNanos,
      boolean fromPeer) {
    this.records = List.copyOf(records);
    this.bytes = bytes;
    this.precondition = precondition;
    this.beganNanos = beganNanos;
    this.deadlineNanos = deadlineNanos;
    this.fromPeer = fromPeer;
  }

  void fail(LogException why) {
    answer.completeExceptionally(why);
  }

  /// Nobody waits for it any more.
  boolean isOver() {
    return answer.isDone();
  }
}
