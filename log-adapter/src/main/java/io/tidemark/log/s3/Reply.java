package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import java.util.function.Consumer;

/// What a store says when it is asked for an object.
sealed interface Reply {
  /// It is there.
  record Found(Bytes object) implements Reply {}

  /// It is not there.
  record Absent() implements Reply {}

  /// Nobody knows.
  record Failed(Throwable why) implements Reply {}

  /// Asks for the object; `then` runs in the mailbox.
  static void to(ObjectStore store, String key, Mailbox mailbox, Consumer<Reply> then) {
    var _ =
        store
            .get(key)
            .handle((found, failure) -> {
              Reply reply =
                  failure != null
                      ? new Failed(failure)
                      : found.<Reply>map(Found::new).orElseGet(Absent::new);
              mailbox.put(() -> then.accept(reply));
              return reply;
            });
  }
}
