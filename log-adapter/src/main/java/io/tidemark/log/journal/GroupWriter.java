package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import io.tidemark.base.Invariants;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/// Encodes frames and writes them, one group after the other, to the segment in use. The
/// committer's thread.
final class GroupWriter implements Closeable {
  /// How much of a group is in memory before it is written, in bytes.
  static final int BUFFER_BYTES = 1 << 20;

  private static final int BLOCK_BYTES = 4_096;

  private final ByteBuffer buffer;
  private final CRC32C crc = new CRC32C();

  // Where in the buffer the checksum has got to.
  private int checked;

  private Segment segment;
  private StorageFile file;
  private int bufferOffset;
  private int group;
  private int attempted;

  /// Goes on in this segment at this offset; the file is the writer's to close.
  ///
  /// @param buffer of [#BUFFER_BYTES], which is the writer's alone
  GroupWriter(ByteBuffer buffer, Segment segment, StorageFile file, int offset) {
    this.buffer = buffer;
    this.segment = segment;
    this.file = file;
    this.bufferOffset = offset;
    this.group = offset;
    this.attempted = offset;
  }

  /// The segment in use.
  Segment segment() {
    return segment;
  }

  /// Where in the segment the next frame begins.
  int offset() {
    return bufferOffset + buffer.position();
  }

  /// Up to where bytes were given to the disk: a frame that begins there or later is not on it.
  int attempted() {
    return attempted;
  }

  /// Whether the segment has room for a frame of this length and for a clean close behind it.
  boolean hasRoom(long frameBytes) {
    return offset() + frameBytes + Frame.BARE_BYTES <= segment.bytes();
  }

  /// Goes on in another segment, which is empty. The group is finished.
  void moveTo(Segment next, StorageFile nextFile) throws IOException {
    Invariants.check(offset() == group, "a group lies in one segment", group, offset());
    file.close();
    segment = next;
    file = nextFile;
    bufferOffset = SegmentHeader.BYTES;
    group = bufferOffset;
    attempted = bufferOffset;
  }

  /// Writes a frame of the open group, if only into memory.
  ///
  /// @param position where its first record stands, otherwise the tail
  /// @param parts the records, or the token alone
  void frame(Frame.Kind kind, long position, List<Bytes> parts) throws IOException {
    int records = kind == Frame.Kind.DATA ? parts.size() : 0;
    int bodyBytes = bodyBytes(records, parts);
    var frame = new Frame(kind, records, position, bodyBytes, group, offset());
    Invariants.check(frame.end() <= segment.bytes(), "a frame fits its segment", frame.end());
    room(Frame.HEADER_BYTES);
    crc.reset();
    checked = buffer.position();
    frame.encode(buffer, segment.stamp());
    for (int i = 0; i < records; i++) {
      room(4);
      buffer.putInt(parts.get(i).length());
    }
    for (Bytes part : parts) {
      put(part.unsafeArray());
    }
    room(8);
    while (offset() < frame.trailer()) {
      buffer.put((byte) 0);
    }
    room(Frame.TRAILER_BYTES);
    check();
    buffer.putInt((int) crc.getValue()).putInt(Frame.END);
    Invariants.check(offset() == frame.end(), "a frame is as long as it says", offset());
  }

  /// Makes the group durable; the next frame begins another.
  void force() throws IOException {
    flush(buffer.position());
    file.force();
    group = bufferOffset;
  }

  /// Closes the segment's file; what was not forced may be lost.
  @Override
  public void close() throws IOException {
    file.close();
  }

  /// The length of a frame's body.
  static int bodyBytes(int records, List<Bytes> parts) {
    long bytes = 4L * records;
    for (Bytes part : parts) {
      bytes += part.length();
    }
    return Math.toIntExact(bytes);
  }

  private void put(byte[] bytes) throws IOException {
    int at = 0;
    while (at < bytes.length) {
      room(1);
      int count = Math.min(bytes.length - at, buffer.remaining());
      buffer.put(bytes, at, count);
      at += count;
    }
  }

  private void room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      check();
      // No block of the file is written twice in a group: then a crash leaves each as it was before
      // the group or as it is after it.
      int rest = (bufferOffset + buffer.position()) % BLOCK_BYTES;
      flush(buffer.position() - rest);
    }
  }

  private void check() {
    crc.update(buffer.duplicate().flip().position(checked));
    checked = buffer.position();
  }

  private void flush(int bytes) throws IOException {
    int encoded = buffer.position();
    attempted = bufferOffset + bytes;
    file.write(buffer.flip().limit(bytes), bufferOffset);
    buffer.limit(encoded).compact();
    bufferOffset += bytes;
    checked = buffer.position();
  }
}
