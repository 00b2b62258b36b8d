package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What callers ask of the committer, in the order of their calls.
sealed interface Entry {
  /// Fails and completes with the answer.
  CompletableFuture<?> future();

  /// Append a batch whose records are `bytes` long in all.
  record Append(
      List<Bytes> records, Precondition precondition, int bytes, CompletableFuture<Appended> future)
      implements Entry {}

  /// Set the fence.
  record Fence(Bytes token, CompletableFuture<Void> future) implements Entry {}

  /// End the log.
  record Seal(CompletableFuture<Tail.Sealed> future) implements Entry {}
}
