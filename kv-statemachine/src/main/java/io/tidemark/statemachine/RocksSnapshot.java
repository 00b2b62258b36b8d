package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import io.tidemark.base.Invariants;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;

/// A snapshot of a [RocksView]. The view closes it if its owner has not when the view is closed.
final class RocksSnapshot extends StoredSnapshot {
  private final RocksView view;
  private final org.rocksdb.Snapshot snapshot;
  private final ReadOptions options;
  private final long applied;
  private boolean released;

  /// Called inside the view's gate.
  RocksSnapshot(RocksView view) throws RocksDBException {
    this.view = view;
    RocksStore store = view.store();
    this.snapshot = store.handles.opened(store.db.getSnapshot());
    this.options = store.handles.opened(new ReadOptions().setSnapshot(snapshot));
    boolean read = false;
    try {
      // The position that the snapshot holds, which the view may have left behind meanwhile.
      this.applied = view.readApplied(options);
      read = true;
    } finally {
      if (!read) {
        release();
      }
    }
  }

  @Override
  public long applied() {
    return applied;
  }

  @Override
  public Optional<KeyValue> get(Bytes key) {
    checkOpen();
    return view.get(options, key);
  }

  @Override
  public Cursor scan(KeyRange range, Direction direction) {
    return new RocksCursor(iterate(range), direction);
  }

  @Override
  public long count(KeyRange range) {
    long count = 0;
    try (var rows = iterate(range)) {
      for (boolean more = rows.seekToFirst(); more; more = rows.next()) {
        count++;
      }
    }
    return count;
  }

  @Override
  RowIterator rows() {
    checkOpen();
    return view.iterate(Optional.of(snapshot), Rows.ALL_BEGIN, Rows.ALL_END);
  }

  private RocksRowIterator iterate(KeyRange range) {
    checkOpen();
    Bytes begin = Rows.rangeBegin(range);
    // RocksDB wants an end that is not before the begin; the range from a key to itself is empty.
    return view.iterate(
        Optional.of(snapshot), begin, range.isEmpty() ? begin : Rows.rangeEnd(range));
  }

  private void checkOpen() {
    // A view that was closed has released its snapshots: that is not their user's mistake.
    view.enter();
    try {
      Invariants.check(!released, "a snapshot is not used once it is closed");
    } finally {
      view.exit();
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
      RocksStore store = view.store();
      store.handles.close(options);
      store.db.releaseSnapshot(snapshot);
      store.handles.close(snapshot);
    }
  }

  private static final class RocksCursor implements Cursor {
    private final RocksRowIterator rows;
    private final Direction direction;
    private boolean begun;
    private boolean valid;
    private @Nullable Bytes key;

    RocksCursor(RocksRowIterator rows, Direction direction) {
      this.rows = rows;
      this.direction = direction;
    }

    @Override
    public boolean next() {
      key = null;
      if (begun) {
        valid =
            valid
                && switch (direction) {
                  case FORWARD -> rows.next();
                  case REVERSE -> rows.previous();
                };
      } else {
        begun = true;
        valid =
            switch (direction) {
              case FORWARD -> rows.seekToFirst();
              case REVERSE -> rows.seekToLast();
            };
      }
      return valid;
    }

    @Override
    public Bytes key() {
      Invariants.check(valid, "a cursor is asked for a key where it stands at one");
      Bytes here = key;
      if (here == null) {
        here = Rows.keyOfUser(rows.key());
        key = here;
      }
      return here;
    }

    @Override
    public KeyValue keyValue() {
      Bytes here = key();
      return Rows.keyValue(here, rows.row());
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
