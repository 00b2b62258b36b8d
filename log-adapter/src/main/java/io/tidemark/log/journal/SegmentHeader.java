package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogException;
import io.tidemark.log.LogInfo;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/// The first block of a segment file, big-endian, written and forced before the file gets its name:
///
/// ```text
///    0 | magic "TIDESEG" and a zero          | 8 bytes
///    8 | format                              | u32
///   12 | length of the segment file          | u32
///   16 | id of the log                       | 16 bytes
///   32 | base: position of the first record  | u64
///   40 | base of the segment before, or zero | u64
///   48 | 1 if the log is sealed, 0 if not    | u32
///   52 | length of the fencing token         | u32
///   56 | fencing token                       | to 256 bytes
///      | zeros                               |
/// 4092 | CRC32C of all of the above          | u32: the segment's *stamp*
/// ```
///
/// Seal and fence are as they stood when the segment was begun; frames in it may change them. The
/// base of the segment before makes a chain, so that a file that is missing in the middle is found.
///
/// @param segmentBytes how long the file is
/// @param base the position of the first record in the segment
/// @param previousBase the base of the segment before, zero for the first of the log
/// @param sealed whether the log was sealed
/// @param fence the token of the log's fence, or empty
record SegmentHeader(
    UUID logId, int segmentBytes, long base, long previousBase, boolean sealed, Bytes fence) {
  /// The length of the block, also the unit of a segment's length.
  static final int BYTES = 4_096;

  private static final long MAGIC = 0x5449444553454700L;
  private static final int CRC_AT = BYTES - 4;

  /// A header and its checksum, which every frame of the segment is tied to.
  record Stamped(SegmentHeader header, int stamp) {}

  /// The name of the segment's file.
  String fileName() {
    return "%016x.seg".formatted(base);
  }

  /// Fills the block, which has room for it, and returns the stamp; the block is ready to be read.
  int encode(ByteBuffer block) {
    block.clear().limit(BYTES);
    block.putLong(MAGIC).putInt(LogIdentity.FORMAT).putInt(segmentBytes);
    block.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
    block.putLong(base).putLong(previousBase).putInt(sealed ? 1 : 0);
    block.putInt(fence.length()).put(fence.unsafeArray());
    while (block.position() < CRC_AT) {
      block.put((byte) 0);
    }
    int stamp = checksum(block);
    block.putInt(stamp).flip();
    return stamp;
  }

  /// Reads the block of the file of this name.
  ///
  /// @throws LogException.Corrupt if it is not what was written
  static Stamped decode(ByteBuffer block, String file) {
    if (block.remaining() < BYTES || block.getLong(0) != MAGIC) {
      throw new LogException.Corrupt(file + ", offset 0: this is no journal segment");
    }
    LogIdentity.checkFormat(block.getInt(8), file);
    int stamp = checksum(block);
    int fenceBytes = block.getInt(52);
    if (block.getInt(CRC_AT) != stamp
        || fenceBytes < 0
        || fenceBytes > LogInfo.FENCING_TOKEN_BYTES_MAX) {
      throw new LogException.Corrupt(file + ", offset 0: the segment's header is damaged");
    }
    byte[] fence = new byte[fenceBytes];
    block.get(56, fence);
    var header =
        new SegmentHeader(
            new UUID(block.getLong(16), block.getLong(24)),
            block.getInt(12),
            block.getLong(32),
            block.getLong(40),
            block.getInt(48) == 1,
            Bytes.wrap(fence));
    return new Stamped(header, stamp);
  }

  private static int checksum(ByteBuffer block) {
    var crc = new CRC32C();
    crc.update(block.duplicate().limit(CRC_AT).position(0));
    return (int) crc.getValue();
  }
}
