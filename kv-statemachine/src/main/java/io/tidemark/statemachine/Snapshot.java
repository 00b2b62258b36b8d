package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.util.Optional;

/// The view as it was at one applied position. It belongs to one thread at a time, holds resources
/// of the view until it is closed, and is meant to be short-lived.
public interface Snapshot extends AutoCloseable {
  /// Everything before this position is in the snapshot, and nothing at or after it.
  long applied();

  /// What the key holds, or nothing.
  Optional<KeyValue> get(Bytes key);

  /// Walks over the range in the order of the keys, or backwards.
  Cursor scan(KeyRange range, Direction direction);

  /// How many keys the range holds; takes time in proportion to them.
  long count(KeyRange range);

  @Override
  void close();

  /// The two ways through a range.
  enum Direction {
    /// From the least key on.
    FORWARD,
    /// From the greatest key back.
    REVERSE
  }

  /// A walk over a range; close it before its snapshot.
  interface Cursor extends AutoCloseable {
    /// Moves on to the next key, the first at the first call; false at the end of the range.
    boolean next();

    /// The key it stands at.
    Bytes key();

    /// What the key holds.
    KeyValue keyValue();

    @Override
    void close();
  }
}
