package io.tidemark.log.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Makes torn frames pass for whole ones, as they would in a journal that does not look at their
/// checksums when it opens. For planting that bug.
public final class UncheckedTail {
  private UncheckedTail() {}

  /// Gives each frame of a segment whose header is whole, but which is not what was written, the
  /// end of a frame that was.
  public static void accept(StorageFile file) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SegmentHeader.BYTES);
    file.read(block, 0);
    if (block.hasRemaining()) {
      return;
    }
    SegmentHeader.Stamped found = SegmentHeader.decode(block.flip(), "planted");
    var frames = new FrameReader(file, found.stamp(), found.header().segmentBytes());
    int offset = SegmentHeader.BYTES;
    Frame frame;
    while ((frame = frames.header(offset)) != null) {
      if (!frames.isWhole(frame)) {
        file.write(end(file, frame), frame.trailer());
        frames.window().forget();
      }
      offset = frame.end();
    }
  }

  private static ByteBuffer end(StorageFile file, Frame frame) throws IOException {
    ByteBuffer written = ByteBuffer.allocate(frame.trailer() - frame.offset());
    file.read(written, frame.offset());
    var crc = new CRC32C();
    crc.update(written.rewind());
    return ByteBuffer.allocate(Frame.TRAILER_BYTES)
        .putInt((int) crc.getValue())
        .putInt(Frame.END)
        .flip();
  }
}
