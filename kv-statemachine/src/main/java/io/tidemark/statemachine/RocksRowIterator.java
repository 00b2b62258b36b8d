package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import io.tidemark.base.InvariantViolation;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/// A walk over rows in RocksDB. The view closes it if its owner has not when the view is closed.
final class RocksRowIterator extends RowIterator {
  private final RocksView view;
  private final Slice begin;
  private final Slice end;
  private final ReadOptions options;
  private final RocksIterator iterator;
  private boolean released;

  /// Called inside the view's gate.
  RocksRowIterator(RocksView view, Optional<Snapshot> snapshot, Bytes begin, Bytes end) {
    this.view = view;
    RocksHandles handles = view.store().handles;
    this.begin = handles.opened(new Slice(begin.unsafeArray()));
    this.end = handles.opened(new Slice(end.unsafeArray()));
    this.options =
        handles.opened(
            new ReadOptions().setIterateLowerBound(this.begin).setIterateUpperBound(this.end));
    snapshot.ifPresent(options::setSnapshot);
    this.iterator = handles.opened(view.store().db.newIterator(options));
  }

  @Override
  boolean seekToFirst() {
    return move(Move.FIRST, null);
  }

  @Override
  boolean seekToLast() {
    return move(Move.LAST, null);
  }

  @Override
  boolean seek(Bytes key) {
    return move(Move.SEEK, key);
  }

  @Override
  boolean next() {
    return move(Move.NEXT, null);
  }

  @Override
  boolean previous() {
    return move(Move.PREVIOUS, null);
  }

  private enum Move {
    FIRST,
    LAST,
    SEEK,
    NEXT,
    PREVIOUS
  }

  private boolean move(Move move, @Nullable Bytes key) {
    enter();
    try {
      switch (move) {
        case FIRST -> iterator.seekToFirst();
        case LAST -> iterator.seekToLast();
        case SEEK -> iterator.seek(Objects.requireNonNull(key).unsafeArray());
        case NEXT -> iterator.next();
        case PREVIOUS -> iterator.prev();
      }
      if (iterator.isValid()) {
        return true;
      }
      // The end of the range, or an error that would otherwise pass for it.
      iterator.status();
      return false;
    } catch (RocksDBException e) {
      throw view.failed("reading", e);
    } finally {
      view.exit();
    }
  }

  @Override
  byte[] key() {
    enter();
    try {
      return iterator.key();
    } finally {
      view.exit();
    }
  }

  @Override
  byte[] row() {
    enter();
    try {
      return iterator.value();
    } finally {
      view.exit();
    }
  }

  @Override
  int peek(byte[] head) {
    enter();
    try {
      return iterator.value(head);
    } finally {
      view.exit();
    }
  }

  private void enter() {
    view.enter();
    if (released) {
      view.exit();
      throw new InvariantViolation("a cursor is not used once it is closed");
    }
  }

  @Override
  public void close() {
    view.close(this);
  }

  /// Lets go of what is native; called by the view, inside its gate or once it is closed.
  void release() {
    if (!released) {
      released = true;
      RocksHandles handles = view.store().handles;
      handles.close(iterator);
      handles.close(options);
      handles.close(end);
      handles.close(begin);
    }
  }
}
