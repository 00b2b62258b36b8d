package io.tidemark.log.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The header of a frame; a frame holds one batch, or says something about the log. Frames follow
/// the segment's first block without a gap, each beginning at a multiple of 8; behind the last are
/// zeros. Big-endian:
///
/// ```text
///    0 | kind: "TFD1" data, "TFF1" fence,        | u32
///      | "TFS1" seal, "TFC1" clean close         |
///    4 | number of records                       | u32     header: its CRC tells
///    8 | position of the first record, or tail   | u64     whether the length
///   16 | length of the body                      | u32     can be trusted
///   20 | group: offset of the first frame of the | u32
///      | group commit it was written with        |
///   24 | offset of the frame itself              | u32
///   28 | CRC32C of the stamp and of the above    | u32
///      +-----------------------------------------+
///   32 | data: length of each record             | u32 each
///      | data: the records; fence: the token     |         body
///      | zeros to a multiple of 8                |
///      +-----------------------------------------+
///      | CRC32C of header, body and zeros        | u32     trailer: never zero, and
///      | "TEND"                                  | u32     never split by a sector
/// ```
///
/// The *stamp* is the checksum of the segment's first block. With it and its own offset in the
/// checksum, no copy of a frame, in a record or in another file, passes for a frame.
///
/// The *group* tells damage from a crash: a group is begun only after the group before it was
/// forced to the disk, so that whatever lies before a group that was begun had been whole.
///
/// @param records how many records it holds, zero unless it is data
/// @param position where its first record stands, otherwise the tail
/// @param bodyBytes the length of the body without the zeros
/// @param group the offset of the first frame of its group
/// @param offset where in the file it begins
record Frame(Kind kind, int records, long position, int bodyBytes, int group, int offset) {
  /// The length of a frame's header.
  static final int HEADER_BYTES = 32;

  /// The length of a frame's trailer.
  static final int TRAILER_BYTES = 8;

  /// The last word of every frame.
  static final int END = 0x54454e44;

  /// The length of the shortest frames, a seal or a clean close.
  static final int BARE_BYTES = HEADER_BYTES + TRAILER_BYTES;

  private static final int CRC_AT = 28;

  /// What a frame is about.
  enum Kind {
    /// A batch of records.
    DATA(0x54464431),
    /// The log's fence has the token in the body, none if it is empty.
    FENCE(0x54464631),
    /// The log has ended.
    SEAL(0x54465331),
    /// The journal was closed and everything before was forced to the disk.
    CLOSE(0x54464331);

    private final int word;

    Kind(int word) {
      this.word = word;
    }

    private static @Nullable Kind of(int word) {
      return switch (word) {
        case 0x54464431 -> DATA;
        case 0x54464631 -> FENCE;
        case 0x54465331 -> SEAL;
        case 0x54464331 -> CLOSE;
        default -> null;
      };
    }
  }

  /// How long a frame with a body of this length is.
  static long bytes(long bodyBytes) {
    return HEADER_BYTES + padded(bodyBytes) + TRAILER_BYTES;
  }

  /// The length of a body with its zeros.
  static long padded(long bodyBytes) {
    return (bodyBytes + 7) & ~7L;
  }

  /// Where the next frame begins.
  int end() {
    return Math.toIntExact(offset + bytes(bodyBytes));
  }

  /// Where its trailer begins.
  int trailer() {
    return end() - TRAILER_BYTES;
  }

  /// The position after its last record.
  long next() {
    return position + records;
  }

  /// Puts the header into the buffer, which has room for it.
  void encode(ByteBuffer buffer, int stamp) {
    int start = buffer.position();
    buffer.putInt(kind.word).putInt(records).putLong(position);
    buffer.putInt(bodyBytes).putInt(group).putInt(offset);
    buffer.putInt(checksum(buffer, start, stamp));
  }

  /// The header that begins at this index of the buffer, if one does that belongs to this place.
  ///
  /// @param offset where in the file that is
  /// @param segmentBytes how long the segment was made
  static @Nullable Frame decode(
      ByteBuffer buffer, int index, int offset, int stamp, int segmentBytes) {
    Kind kind = Kind.of(buffer.getInt(index));
    if (kind == null
        || buffer.getInt(index + 24) != offset
        || buffer.getInt(index + CRC_AT) != checksum(buffer, index, stamp)) {
      return null;
    }
    var frame =
        new Frame(
            kind,
            buffer.getInt(index + 4),
            buffer.getLong(index + 8),
            buffer.getInt(index + 16),
            buffer.getInt(index + 20),
            offset);
    boolean fits =
        frame.bodyBytes >= 0
            && frame.records >= 0
            && 4L * frame.records <= frame.bodyBytes
            && offset + bytes(frame.bodyBytes) <= segmentBytes
            && SegmentHeader.BYTES <= frame.group
            && frame.group <= offset;
    return fits ? frame : null;
  }

  private static int checksum(ByteBuffer buffer, int start, int stamp) {
    var crc = new CRC32C();
    for (int shift = 24; shift >= 0; shift -= 8) {
      crc.update(stamp >>> shift);
    }
    crc.update(buffer.duplicate().limit(start + CRC_AT).position(start));
    return (int) crc.getValue();
  }
}
