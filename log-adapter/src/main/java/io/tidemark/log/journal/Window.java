package io.tidemark.log.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The part of a file that is in memory, moved over it as it is read. One thread.
final class Window {
  /// How much of the file is in memory.
  static final int BYTES = 128 << 10;

  private final StorageFile file;
  private final ByteBuffer buffer = ByteBuffer.allocate(BYTES).limit(0);
  private long start;

  Window(StorageFile file) {
    this.file = file;
  }

  /// A buffer that holds the file from `offset` on: `length` bytes, at most [#BYTES], or as many as
  /// there are before the file's end; possibly more. Good until the next call.
  ByteBuffer at(long offset, int length) throws IOException {
    if (offset < start || offset + length > start + buffer.limit()) {
      buffer.clear();
      start = offset;
      file.read(buffer, offset);
      buffer.flip();
    }
    return buffer.position((int) Math.min(offset - start, buffer.limit()));
  }

  /// Copies the file from `offset` on; false if it ends before the target is full.
  boolean copy(long offset, byte[] target) throws IOException {
    if (target.length > BYTES / 2) {
      ByteBuffer direct = ByteBuffer.wrap(target);
      file.read(direct, offset);
      return !direct.hasRemaining();
    }
    ByteBuffer found = at(offset, target.length);
    if (found.remaining() < target.length) {
      return false;
    }
    found.get(target);
    return true;
  }

  /// Forgets what is in memory, because the file was written to.
  void forget() {
    buffer.limit(0);
  }
}
