package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogException;
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
      return ground(there, object, 1);
    }
    long probed = there + (missing - there) / 2;
    return store
        .get(Names.slot(probed))
        .thenCompose(found ->
            found.isPresent()
                ? between(probed, found.get(), missing)
                : between(there, object, probed));
  }

  // No slot below a base is missing, but the base itself may be, where a writer died with its chain
  // under way; and that of a void slot may have been trimmed.
  private CompletableFuture<Long> ground(long slot, Bytes object, int tries) {
    long base;
    try {
      base = SlotCodec.decode(log, slot, object).base();
    } catch (DamagedObjectException damage) {
      // It may have been damaged on the way.
      return tries < TRIES_MAX
          ? existing(slot, tries + 1)
          : CompletableFuture.failedFuture(Failures.corrupt(store, Names.slot(slot), damage));
    }
    if (base == slot || base <= first) {
      return CompletableFuture.completedFuture(Math.max(base, first));
    }
    return store
        .get(Names.slot(base))
        .thenCompose(
            below -> below.isPresent() ? ground(base, below.get(), 1) : existing(base - 1, 1));
  }

  private CompletableFuture<Long> existing(long slot, int tries) {
    return store
        .get(Names.slot(slot))
        .thenCompose(found ->
            found.isPresent()
                ? ground(slot, found.get(), tries)
                : CompletableFuture.failedFuture(
                    new LogException.Corrupt(
                        "object "
                            + Names.slot(slot)
                            + " in "
                            + store
                            + " is missing, but the log has it")));
  }
}
