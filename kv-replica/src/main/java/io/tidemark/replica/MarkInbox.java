package io.tidemark.replica;

import io.tidemark.statemachine.Mark;
import io.tidemark.statemachine.StoredSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// What the [Applier] leaves for the [Checkpointer]: the newest mark that was reached. An older one
/// that nobody has taken is let go, since it holds what the view has left behind.
final class MarkInbox {
  /// A mark that was reached.
  ///
  /// @param mark where
  /// @param snapshot the view there; whoever takes it closes it
  /// @param copy the view there, to be uploaded; only of a mark of this replica
  record Reached(Mark mark, StoredSnapshot snapshot, Optional<Path> copy) {}

  private final Pauses pauses;

  // Under this object's lock.
  private @Nullable Reached newest;
  private CountDownLatch signal = new CountDownLatch(1);

  MarkInbox(Pauses pauses) {
    this.pauses = pauses;
  }

  void put(Reached reached) {
    Reached older;
    CountDownLatch waiting;
    synchronized (this) {
      older = newest;
      newest = reached;
      waiting = signal;
    }
    waiting.countDown();
    if (older != null) {
      older.snapshot().close();
    }
  }

  /// Whether there is a mark to take.
  synchronized boolean isFull() {
    return newest != null;
  }

  /// Waits so long at most, and takes what there is, or null.
  @Nullable Reached await(Duration longest) throws InterruptedException {
    var over = new CountDownLatch(1);
    synchronized (this) {
      if (newest != null) {
        return take();
      }
      signal = over;
    }
    pauses.pause(longest, over);
    synchronized (this) {
      return take();
    }
  }

  /// Lets go of what is there.
  synchronized void close() {
    Reached left = take();
    if (left != null) {
      left.snapshot().close();
    }
  }

  private @Nullable Reached take() {
    Reached taken = newest;
    newest = null;
    return taken;
  }
}
