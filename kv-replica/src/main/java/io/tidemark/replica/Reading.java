package io.tidemark.replica;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Snapshot;
import io.tidemark.statemachine.StoredView;
import java.util.ArrayList;
import java.util.Optional;

/// What a read does with the view once that is current enough.
sealed interface Reading<T> {
  /// What is read, if that takes no disk: it may be done on any caller's thread.
  Optional<T> fromMemory(StoredView view);

  /// What is read, if need be from the disk.
  T read(StoredView view);

  /// Lets go of what was read for nobody.
  default void discard(T value) {}

  /// The value of a key.
  record Get(Bytes key) implements Reading<ReadResult<Optional<KeyValue>>> {
    @Override
    public Optional<ReadResult<Optional<KeyValue>>> fromMemory(StoredView view) {
      long applied = view.applied();
      return view.getIfInMemory(key).map(found -> result(view, applied, found));
    }

    @Override
    public ReadResult<Optional<KeyValue>> read(StoredView view) {
      long applied = view.applied();
      return result(view, applied, view.get(key));
    }

    /// The value was read at some position from `applied` on. One that is there was the key's at
    /// every revision from its own to that position; of one that is not there only a snapshot can
    /// tell the revision since when.
    private ReadResult<Optional<KeyValue>> result(
        StoredView view, long applied, Optional<KeyValue> found) {
      if (found.isPresent()) {
        return new ReadResult<>(found, Math.max(applied - 1, found.get().modifyRevision()));
      }
      try (Snapshot snapshot = view.snapshot()) {
        return new ReadResult<>(snapshot.get(key), snapshot.applied() - 1);
      }
    }
  }

  /// The view itself.
  record Whole() implements Reading<Snapshot> {
    @Override
    public Optional<Snapshot> fromMemory(StoredView view) {
      return Optional.of(view.snapshot());
    }

    @Override
    public Snapshot read(StoredView view) {
      return view.snapshot();
    }

    @Override
    public void discard(Snapshot value) {
      value.close();
    }
  }

  /// The first keys of a range, and at most so many bytes of them beyond the first.
  record Scan(KeyRange range, Snapshot.Direction direction, int limit, int bytesMax)
      implements Reading<ReadResult<ScanPage>> {
    @Override
    public Optional<ReadResult<ScanPage>> fromMemory(StoredView view) {
      return Optional.empty();
    }

    @Override
    public ReadResult<ScanPage> read(StoredView view) {
      try (Snapshot snapshot = view.snapshot();
          Snapshot.Cursor cursor = snapshot.scan(range, direction)) {
        var found = new ArrayList<KeyValue>();
        long bytes = 0;
        boolean more = cursor.next();
        while (more && found.size() < limit && bytes < bytesMax) {
          KeyValue keyValue = cursor.keyValue();
          found.add(keyValue);
          bytes += (long) keyValue.key().length() + keyValue.value().length();
          more = cursor.next();
        }
        return new ReadResult<>(new ScanPage(found, more), snapshot.applied() - 1);
      }
    }
  }
}
