package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.RocksView;
import io.tidemark.statemachine.StateMachine;
import io.tidemark.statemachine.StoredView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/// A small database of which tests make checkpoints, and the seams that they use.
final class Databases implements AutoCloseable {
  static final UUID LOG = new UUID(1, 2);
  static final Installation.Views READ_ONLY =
      directory -> RocksView.openReadOnly(directory, RocksView.MEMORY_BYTES_MIN);

  /// The wall clock of every process of the tests.
  static final class TestClock implements Clock {
    long millis = 1_000;

    @Override
    public long nanoTime() {
      return millis * 1_000_000;
    }

    @Override
    public long wallMillis() {
      return millis;
    }
  }

  /// Timers that are due at once: pauses take no time.
  static final class AtOnce implements Timers {
    @Override
    public Timer after(Duration delay, Runnable task) {
      task.run();
      return () -> {};
    }

    @Override
    public void close() {}
  }

  final TestClock clock = new TestClock();
  final Path root;
  final StoredView view;
  private final StateMachine machine;

  Databases(Path root) {
    this.root = root;
    view = RocksView.open(root.resolve("view"), RocksView.MEMORY_BYTES_MIN);
    machine = new StateMachine(view);
    machine.bindTo(LOG);
  }

  Seams seams() {
    return new Seams(clock, new AtOnce(), new Random(1));
  }

  /// Writes some keys, each of its own record, so that the view is at this position afterwards and
  /// the log's time is ten times that.
  void advanceTo(long position) {
    for (long at = view.applied(); at < position; at++) {
      var put = new Command.Put(Bytes.utf8("key " + at % 7), Bytes.utf8("value " + at));
      machine.apply(at, new Proposal(1, at, Optional.empty(), at * 10, put), 100);
    }
    machine.commit(position);
  }

  /// Makes a copy of the view at this position.
  Path copyAt(long position) {
    advanceTo(position);
    Path copy = root.resolve("copy-" + position);
    view.checkpoint(copy);
    return copy;
  }

  /// What a copy at the view's position is.
  Manifest.Facts facts(String maker) throws InterruptedException {
    return Manifest.Facts.of(view, Fold.digest(view, Digests.Pace.FULL), maker);
  }

  /// Makes a complete checkpoint at this position.
  Manifest make(CheckpointStore store, long position, Base base) throws InterruptedException {
    advanceTo(position);
    return store.make(view, "maker", base, root.resolve("scratch"), ProgressListener.NONE);
  }

  @Override
  public void close() {
    view.close();
  }
}
