package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads the frames of one segment file and says which are whole. One thread.
final class FrameReader {
  private final Window window;
  private final int stamp;
  private final int segmentBytes;
  private final CRC32C crc = new CRC32C();

  /// Reads a segment with this stamp that was made this long.
  FrameReader(StorageFile file, int stamp, int segmentBytes) {
    this.window = new Window(file);
    this.stamp = stamp;
    this.segmentBytes = segmentBytes;
  }

  /// The part of the file in memory.
  Window window() {
    return window;
  }

  /// The header at this offset, or null if there is none or it is not what was written.
  @Nullable Frame header(int offset) throws IOException {
    ByteBuffer found = window.at(offset, Frame.HEADER_BYTES);
    return found.remaining() < Frame.HEADER_BYTES
        ? null
        : Frame.decode(found, found.position(), offset, stamp, segmentBytes);
  }

  /// What the frame holds, its records or its token, or null if it is not what was written.
  @Nullable List<Bytes> body(Frame frame) throws IOException {
    crc.reset();
    if (!checksum(frame.offset(), Frame.HEADER_BYTES)) {
      return null;
    }
    int at = frame.offset() + Frame.HEADER_BYTES;
    int[] lengths = lengths(frame, at);
    if (lengths == null) {
      return null;
    }
    at += 4 * frame.records();
    List<Bytes> parts = new ArrayList<>(lengths.length);
    for (int length : lengths) {
      byte[] part = new byte[length];
      if (!window.copy(at, part)) {
        return null;
      }
      crc.update(part);
      parts.add(Bytes.wrap(part));
      at += length;
    }
    return checksum(at, frame.trailer() - at) && trailerMatches(frame) ? parts : null;
  }

  /// Whether the frame is what was written.
  boolean isWhole(Frame frame) throws IOException {
    crc.reset();
    int bytes = frame.trailer() - frame.offset();
    return checksum(frame.offset(), bytes) && trailerMatches(frame);
  }

  /// Whether the frame's trailer was written in part or not at all: a beginning of what belongs
  /// there, and zeros.
  boolean endIsMissing(Frame frame) throws IOException {
    crc.reset();
    boolean readable = checksum(frame.offset(), frame.trailer() - frame.offset());
    ByteBuffer whole = ByteBuffer.allocate(Frame.TRAILER_BYTES);
    whole.putInt((int) crc.getValue()).putInt(Frame.END);
    byte[] found = new byte[Frame.TRAILER_BYTES];
    readable &= window.copy(frame.trailer(), found);
    int written = found.length;
    while (written > 0 && found[written - 1] == 0) {
      written--;
    }
    return readable
        && written < found.length
        && Arrays.equals(found, 0, written, whole.array(), 0, written);
  }

  private int @Nullable [] lengths(Frame frame, int from) throws IOException {
    if (frame.kind() != Frame.Kind.DATA) {
      return new int[] {frame.bodyBytes()};
    }
    int[] lengths = new int[frame.records()];
    long left = frame.bodyBytes() - 4L * frame.records();
    int at = from;
    for (int i = 0; i < lengths.length; i++, at += 4) {
      ByteBuffer found = window.at(at, 4);
      if (found.remaining() < 4) {
        return null;
      }
      lengths[i] = found.getInt();
      left -= lengths[i];
      if (lengths[i] < 0 || left < 0) {
        return null;
      }
    }
    return left == 0 && checksum(from, at - from) ? lengths : null;
  }

  private boolean checksum(int offset, int length) throws IOException {
    int at = offset;
    int left = length;
    while (left > 0) {
      ByteBuffer found = window.at(at, Math.min(left, Window.BYTES));
      int count = Math.min(left, found.remaining());
      if (count == 0) {
        return false;
      }
      crc.update(found.duplicate().limit(found.position() + count));
      at += count;
      left -= count;
    }
    return true;
  }

  private boolean trailerMatches(Frame frame) throws IOException {
    ByteBuffer found = window.at(frame.trailer(), Frame.TRAILER_BYTES);
    return found.remaining() >= Frame.TRAILER_BYTES
        && found.getInt() == (int) crc.getValue()
        && found.getInt() == Frame.END;
  }
}
