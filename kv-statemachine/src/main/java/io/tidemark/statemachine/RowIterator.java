package io.tidemark.statemachine;

import io.tidemark.base.Bytes;

/// A walk over the committed rows of a range of a [StoredView]. It belongs to one thread at a time.
abstract class RowIterator implements AutoCloseable {
  /// Goes to the first row; false if there is none.
  abstract boolean seekToFirst();

  /// Goes to the last row; false if there is none.
  abstract boolean seekToLast();

  /// Goes to the first row at or after the key; false if there is none.
  abstract boolean seek(Bytes key);

  /// Goes on to the next row; false if there is none.
  abstract boolean next();

  /// Goes back to the row before; false if there is none.
  abstract boolean previous();

  /// A copy of the key of the row it stands at.
  abstract byte[] key();

  /// A copy of the row it stands at.
  abstract byte[] row();

  /// Copies the begin of the row into `head` and returns the length of the row.
  abstract int peek(byte[] head);

  @Override
  public abstract void close();
}
