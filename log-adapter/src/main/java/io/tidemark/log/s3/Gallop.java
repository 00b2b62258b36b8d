package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
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
  private static final int TRIES_MAX = 3;

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
  CompletableFuture<Long> begin() {
    return store
        .get(Names.slot(first))
        .thenCompose(found ->
            found.isEmpty()
                ? CompletableFuture.completedFuture(first)
                : forward(first, found.get(), 1));
  }

  private CompletableFuture<Long> forward(long there, Bytes object, long distance) {
    long probed = there + distance;
    return store
        .get(Names.slot(probed))
        .thenCompose(found ->
            found.isPresent()
                ? forward(probed, found.get(), distance * 2)
                : between(there, object, probed));
  }

  private CompletableFuture<Long> between(long there, Bytes object, long missing) {
    if (missing - there == 1) {
      return ground(there, Optional.of(object), 1);
    }
    long probed = there + (missing - there) / 2;
    return store
        .get(Names.slot(probed))
        .thenCompose(found ->
            found.isPresent()
                ? between(probed, found.get(), missing)
                : between(there, object, probed));
  }

  private CompletableFuture<Long> ground(long slot, Optional<Bytes> object, int tries) {
    if (object.isEmpty()) {
      return CompletableFuture.failedFuture(
          new LogException.Corrupt(
              "object " + Names.slot(slot) + " in " + store + " is missing, but the log has it"));
    }
    try {
      Slot found = SlotCodec.decode(log, slot, object.get());
      long base = found.base();
      return base == slot
          ? CompletableFuture.completedFuture(slot)
          : store.get(Names.slot(base)).thenCompose(below -> ground(base, below, 1));
    } catch (DamagedObjectException damage) {
      // It may have been damaged on the way.
      return tries < TRIES_MAX
          ? store.get(Names.slot(slot)).thenCompose(again -> ground(slot, again, tries + 1))
          : CompletableFuture.failedFuture(Failures.corrupt(store, Names.slot(slot), damage));
    }
  }
}
