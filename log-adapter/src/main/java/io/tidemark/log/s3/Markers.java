package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import java.nio.ByteBuffer;
import java.util.UUID;

/// The formats of the two small objects of a log. Numbers are big-endian; the checksum covers
/// everything before it.
///
/// ```text
/// identity      TSID | format 4 | log (UUID) 16 | first slot 8 | CRC32C 4
/// trim marker   TSTM | format 4 | log (UUID) 16 | number 8 | maker (UUID) 16 | slot 8 | CRC32C 4
/// ```
final class Markers {
  private static final int IDENTITY = 0x54534944;
  private static final int TRIM = 0x5453544d;
  private static final int FORMAT = 1;
  private static final int IDENTITY_BYTES = 36;
  private static final int TRIM_BYTES = 60;

  private Markers() {}

  /// Which log it is.
  ///
  /// @param first the number of its first slot
  record Identity(UUID log, long first) {
    Bytes encode() {
      ByteBuffer out = begin(IDENTITY, IDENTITY_BYTES, log);
      out.putLong(first);
      return end(out);
    }

    static Identity decode(Bytes object) throws DamagedObjectException {
      ByteBuffer in = open(IDENTITY, IDENTITY_BYTES, object);
      return new Identity(SlotCodec.uuid(in), in.getLong());
    }
  }

  /// The log begins at this slot.
  ///
  /// @param number counts the markers of the log, from 1
  /// @param maker one for each attempt to write a marker
  record Trim(UUID log, long number, UUID maker, long slot) {
    Bytes encode() {
      ByteBuffer out = begin(TRIM, TRIM_BYTES, log);
      out.putLong(number);
      SlotCodec.put(out, maker);
      out.putLong(slot);
      return end(out);
    }

    static Trim decode(UUID log, long number, Bytes object) throws DamagedObjectException {
      ByteBuffer in = open(TRIM, TRIM_BYTES, object);
      var marker = new Trim(SlotCodec.uuid(in), in.getLong(), SlotCodec.uuid(in), in.getLong());
      if (!marker.log.equals(log) || marker.number != number) {
        throw new DamagedObjectException(
            "it is trim marker "
                + marker.number
                + " of log "
                + marker.log
                + ": objects were copied or mixed up");
      }
      return marker;
    }
  }

  private static ByteBuffer begin(int magic, int bytes, UUID log) {
    ByteBuffer out = ByteBuffer.allocate(bytes).putInt(magic).putInt(FORMAT);
    SlotCodec.put(out, log);
    return out;
  }

  private static Bytes end(ByteBuffer out) {
    byte[] object = new byte[out.capacity()];
    out.flip().get(object, 0, object.length - 4);
    int checksum = SlotCodec.checksum(object, object.length - 4);
    ByteBuffer.wrap(object).putInt(object.length - 4, checksum);
    return Bytes.wrap(object);
  }

  private static ByteBuffer open(int magic, int bytes, Bytes object) throws DamagedObjectException {
    ByteBuffer in = object.asBuffer();
    if (in.remaining() < 8 || in.getInt() != magic) {
      throw new DamagedObjectException("it was not made by a log");
    }
    int format = in.getInt();
    if (format != FORMAT) {
      throw new DamagedObjectException(
          "its format is " + format + ", known here is " + FORMAT + ": upgrade this process");
    }
    int end = bytes - 4;
    if (object.length() != bytes
        || SlotCodec.checksum(object.unsafeArray(), end) != in.getInt(end)) {
      throw new DamagedObjectException("its checksum is wrong: it is not what was written");
    }
    return in;
  }
}
