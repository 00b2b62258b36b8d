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

/// A walk over the committed rows of a range. It belongs to one thread at a time; the view closes
/// it if its owner has not when the view is closed.
final class RowIterator implements AutoCloseable {
  private final RocksView view;
  private final Slice begin;
  private final Slice end;
  private final ReadOptions options;
  private final RocksIterator iterator;
  private boolean released;

  /// Called inside the view's gate.
  RowIterator(RocksView view, Optional<Snapshot> snapshot, Bytes begin, Bytes end) {
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

  /// Goes to the first row; false if there is none.
  boolean seekToFirst() {
    return move(Move.FIRST, null);
  }

  /// Goes to the last row; false if there is none.
  boolean seekToLast() {
    return move(Move.LAST, null);
  }

  /// Goes to the first row at or after the key; false if there is none.
  boolean seek(Bytes key) {
    return move(Move.SEEK, key);
  }

  /// Goes on to the next row; false if there is none.
  boolean next() {
    return move(Move.NEXT, null);
  }

  /// Goes back to the row before; false if there is none.
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

  /// A copy of the key of the row it stands at.
  byte[] key() {
    enter();
    try {
      return iterator.key();
    } finally {
      view.exit();
    }
  }

  /// A copy of the row it stands at.
  byte[] row() {
    enter();
    try {
      return iterator.value();
    } finally {
      view.exit();
    }
  }

  /// Copies the begin of the row into `head` and returns the length of the row.
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
