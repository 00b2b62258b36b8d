package io.tidemark.log.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// An open file of a [Storage]. Any thread may use it, but a thread that is interrupted while it
/// does may close it for all.
public interface StorageFile extends Closeable {
  /// Writes all that remains in the buffer at this offset, or fails with an unknown part written.
  void write(ByteBuffer source, long offset) throws IOException;

  /// Fills the buffer from this offset on, as far as the file reaches.
  void read(ByteBuffer target, long offset) throws IOException;

  /// How long the file is, in bytes.
  long size() throws IOException;

  /// Makes the file's bytes and its length durable. After a failure nobody knows which are, and no
  /// later success tells.
  void force() throws IOException;
}
