package io.tidemark.cli;

import io.tidemark.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// The last line of a file that has its end; what follows it was cut off in the middle.
///
/// @param content the line, without its end
/// @param endOffset where it ends, its end included
record LastLine(Bytes content, long endOffset) {
  private static final int STEP_BYTES = 1 << 16;

  /// Looks for it from the file's end backwards.
  static Optional<LastLine> find(FileChannel file) throws IOException {
    long end = lastNewlineBefore(file, file.size());
    if (end < 0) {
      return Optional.empty();
    }
    long begin = lastNewlineBefore(file, end) + 1;
    if (end - begin > LineReader.LINE_BYTES_MAX) {
      throw new Errors.Failed("the last line of the file is too long to go on after it");
    }
    return Optional.of(new LastLine(Bytes.wrap(read(file, begin, (int) (end - begin))), end + 1));
  }

  private static long lastNewlineBefore(FileChannel file, long end) throws IOException {
    long from = end;
    while (from > 0) {
      int length = (int) Math.min(STEP_BYTES, from);
      byte[] bytes = read(file, from - length, length);
      for (int i = length - 1; i >= 0; i--) {
        if (bytes[i] == '\n') {
          return from - length + i;
        }
      }
      from -= length;
    }
    return -1;
  }

  private static byte[] read(FileChannel file, long from, int length) throws IOException {
    var bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, from + bytes.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return bytes.array();
  }
}
