package io.tidemark.log.s3;

import io.tidemark.log.LogException;
import java.util.UUID;
import java.util.function.Consumer;

/// What a store says when it is asked for an object of the log.
sealed interface Reply<T> {
  /// It is there, and says this.
  record Found<T>(T object) implements Reply<T> {}

  /// It is not there.
  record Absent<T>() implements Reply<T> {}

  /// It is there and is not what was written, however often it is asked for.
  record Damaged<T>(LogException.Corrupt why) implements Reply<T> {}

  /// Nobody knows.
  record Failed<T>(Throwable why) implements Reply<T> {}

  /// Asks for a slot; `then` runs in the mailbox.
  static void ofSlot(
      ObjectStore store, UUID log, long number, Mailbox mailbox, Consumer<Reply<Slot>> then) {
    String key = Names.slot(number);
    of(store, key, object -> SlotCodec.decode(log, number, object), mailbox, then);
  }

  /// Asks for a trim marker; `then` runs in the mailbox.
  static void ofMarker(
      ObjectStore store,
      UUID log,
      long number,
      Mailbox mailbox,
      Consumer<Reply<Markers.Trim>> then) {
    String key = Names.marker(number);
    of(store, key, object -> Markers.Trim.decode(log, number, object), mailbox, then);
  }

  private static <T> void of(
      ObjectStore store,
      String key,
      Fetch.Decoder<T> decoder,
      Mailbox mailbox,
      Consumer<Reply<T>> then) {
    var _ =
        Fetch.of(store, key, decoder)
            .handle((found, failure) -> {
              Reply<T> reply =
                  failure != null
                      ? failed(failure)
                      : found.<Reply<T>>map(Found::new).orElseGet(Absent::new);
              mailbox.put(() -> then.accept(reply));
              return reply;
            });
  }

  private static <T> Reply<T> failed(Throwable failure) {
    return Failures.cause(failure) instanceof LogException.Corrupt damage
        ? new Damaged<>(damage)
        : new Failed<>(failure);
  }
}
