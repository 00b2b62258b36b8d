package io.tidemark.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// Reads lines of bytes and knows where each ends, so that a reader can come back there.
final class LineReader {
  /// The largest value in base64, its key, and what stands around them.
  static final int LINE_BYTES_MAX = 32 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int next;
  private int end;
  private long offset;
  private long number;
  private boolean atEnd;
  private boolean complete;
  private boolean tooLong;

  /// @param offset where the stream stands in its file
  /// @param number how many lines are before that
  LineReader(InputStream in, long offset, long number) {
    this.in = in;
    this.offset = offset;
    this.number = number;
  }

  /// Goes on to the next line; false at the end. A last line without an end is a line.
  boolean next(ByteArrayOutputStream line) throws IOException {
    line.reset();
    tooLong = false;
    complete = false;
    boolean any = false;
    while (!complete && fill()) {
      any = true;
      int from = next;
      while (next < end && buffer[next] != '\n') {
        next++;
      }
      keep(line, from, next - from);
      complete = next < end;
      next += complete ? 1 : 0;
      offset += next - from;
    }
    number += any ? 1 : 0;
    return any;
  }

  private void keep(ByteArrayOutputStream line, int from, int length) {
    if (line.size() + length > LINE_BYTES_MAX) {
      tooLong = true;
    } else if (!tooLong) {
      line.write(buffer, from, length);
    }
  }

  private boolean fill() throws IOException {
    if (next < end) {
      return true;
    }
    if (!atEnd) {
      next = 0;
      end = Math.max(0, in.read(buffer));
      atEnd = end == 0;
    }
    return !atEnd;
  }

  /// Where the line ends, its end included.
  long offset() {
    return offset;
  }

  /// Its number, from 1.
  long number() {
    return number;
  }

  /// Whether it ends as a line does.
  boolean isComplete() {
    return complete;
  }

  /// Whether it is longer than [#LINE_BYTES_MAX]; then it is not kept whole.
  boolean isTooLong() {
    return tooLong;
  }
}
