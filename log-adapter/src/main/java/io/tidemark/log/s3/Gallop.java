package io.tidemark.log.s3;

import io.tidemark.log.LogException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// Finds firm ground near the tail of a long log with few requests: a slot that begins a chain, so
/// that no slot before it is missing.
///
/// The distance doubles until a slot is not there, and is then halved. There may be a hole within
/// the last chain, so that what it finds is a slot that exists and not the last one; from where
/// that slot's chain begins, one goes on slot by slot.
final class Gallop {
  private final ObjectStore store;
  private final UUID log;
  private final long first;

  /// @param first the first slot that the log has, if it has any
  Gallop(ObjectStore store, UUID log, long first) {
    this.store = store;
    this.log = log;
    this.first = first;
  }

  /// Completes with that slot, or with the first one if the log is empty.
  ///
  /// The future fails with a [StoreException], or with [LogException.Corrupt].
  CompletableFuture<Long> begin() {
    return exists(first)
        .thenCompose(there -> there ? forward(first, 1) : CompletableFuture.completedFuture(first));
  }

  private CompletableFuture<Boolean> exists(long slot) {
    return store.get(Names.slot(slot)).thenApply(Optional::isPresent);
  }

  private CompletableFuture<Long> forward(long there, long distance) {
    long probed = there + distance;
    return exists(probed)
        .thenCompose(found -> found ? forward(probed, distance * 2) : between(there, probed));
  }

  private CompletableFuture<Long> between(long there, long missing) {
    if (missing - there == 1) {
      return ground(there);
    }
    long probed = there + (missing - there) / 2;
    return exists(probed)
        .thenCompose(found -> found ? between(probed, missing) : between(there, probed));
  }

  private CompletableFuture<Long> ground(long slot) {
    return fetch(slot)
        .thenCompose(found ->
            found.isPresent()
                ? below(found.get())
                : CompletableFuture.failedFuture(
                    new LogException.Corrupt(
                        "object "
                            + Names.slot(slot)
                            + " in "
                            + store
                            + " is missing, but the log has it")));
  }

  // No slot below a base is missing, but the base itself may be, where a writer died with its chain
  // under way; and that of a void slot may have been trimmed.
  private CompletableFuture<Long> below(Slot slot) {
    long base = slot.base();
    if (base == slot.number() || base <= first) {
      return CompletableFuture.completedFuture(Math.max(base, first));
    }
    return fetch(base)
        .thenCompose(found -> found.isPresent() ? below(found.get()) : ground(base - 1));
  }

  private CompletableFuture<Optional<Slot>> fetch(long slot) {
    return Fetch.of(store, Names.slot(slot), object -> SlotCodec.decode(log, slot, object));
  }
}
