package io.tidemark.replica;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What was opened for one replica, to be closed in the opposite order, once.
final class Owned {
  private final Deque<Runnable> closings = new ArrayDeque<>();

  /// Closes `thing` so before everything that was added earlier.
  <T> T add(T thing, Consumer<? super T> closing) {
    closings.push(() -> closing.accept(thing));
    return thing;
  }

  /// Closes everything, even where a closing fails, and then throws the first failure.
  void close() {
    RuntimeException first = null;
    while (!closings.isEmpty()) {
      try {
        closings.pop().run();
      } catch (RuntimeException failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
