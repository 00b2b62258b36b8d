package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Asks a store for one object and makes sense of it.
///
/// An object that makes no sense was damaged on its way, or is damaged where it lies. It is asked
/// for again at once, [#TRIES_MAX] times in all: what was damaged on its way heals by that, and
/// what is damaged each time is taken to be damaged in the store. Nobody goes on from there by
/// guessing, and nobody asks for ever.
final class Fetch {
  /// How often an object is asked for before it is believed to be damaged.
  static final int TRIES_MAX = 3;

  /// Makes sense of an object.
  interface Decoder<T> {
    /// What it says.
    ///
    /// @throws DamagedObjectException if it is not what a writer of this log makes
    T decode(Bytes object) throws DamagedObjectException;
  }

  private Fetch() {}

  /// What the object of this name says; nothing where there is none.
  ///
  /// The future fails with a [StoreException], or with [LogException.Corrupt] for an object that is
  /// damaged. Decodes on the thread that brings the object.
  static <T> CompletableFuture<Optional<T>> of(ObjectStore store, String key, Decoder<T> decoder) {
    return of(store, key, decoder, 1);
  }

  private static <T> CompletableFuture<Optional<T>> of(
      ObjectStore store, String key, Decoder<T> decoder, int tries) {
    return store
        .get(key)
        .thenCompose(found -> {
          if (found.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
          }
          try {
            return CompletableFuture.completedFuture(Optional.of(decoder.decode(found.get())));
          } catch (DamagedObjectException damage) {
            return tries < TRIES_MAX
                ? of(store, key, decoder, tries + 1)
                : CompletableFuture.failedFuture(Failures.corrupt(store, key, damage));
          }
        });
  }
}
