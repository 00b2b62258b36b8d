package io.tidemark.log.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.base.Bytes;
import io.tidemark.base.Invariants;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// The format of a slot's object. Numbers are big-endian.
///
/// ```text
///  0        4   5   6   7   8                24         32         40
/// +--------+---+---+---+---+----------------+----------+----------+----------------+
/// |  TSLT  | 1 | k | z | 0 |   log (UUID)   |   slot   |   base   | writer (UUID)  |
/// +--------+---+---+---+---+----------------+----------+----------+----------------+
///  56          64      66        68        72      76
/// +-----------+-------+---------+---------+-------+- - - - -+- - - - - -+- - - -+--------+
/// |  sequence | fence | address | records | bytes |  fence  |  address  | body  | CRC32C |
/// +-----------+-------+---------+---------+-------+- - - - -+- - - - - -+- - - -+--------+
/// ```
///
/// `k` is the kind: 1 data, 2 fence, 3 seal. `z` says how the body is kept: 0 as it is, 1 by
/// DEFLATE. `fence` at 64 and `address` at 66 are the lengths of what follows the header; `records`
/// is their number and `bytes` the body's length before compression. The body of data is, for each
/// record, its length in four bytes and the record; the body of a fence is the new token. The
/// checksum covers everything before it.
///
/// A format that is not known here is never guessed at: [#decode] refuses it.
final class SlotCodec {
  /// What a slot costs beyond its records: header, token, address, checksum.
  static final int OVERHEAD_BYTES_MAX = 76 + 256 + Slot.ADDRESS_BYTES_MAX + 4;

  private static final int MAGIC = 0x54534c54;
  private static final byte VERSION = 1;
  private static final int HEADER_BYTES = 76;
  private static final int CHECKSUM_BYTES = 4;
  private static final int LENGTH_BYTES = 4;

  /// Below this, compression gains less than it costs (object-storage plan, section 1).
  private static final int COMPRESSED_FROM_BYTES = 1024;

  private static final byte DATA = 1;
  private static final byte FENCE = 2;
  private static final byte SEAL = 3;
  private static final byte PLAIN = 0;
  private static final byte DEFLATED = 1;

  private SlotCodec() {}

  /// How many bytes of a body the records take.
  static long bodyBytes(List<Bytes> records) {
    long bytes = 0;
    for (Bytes record : records) {
      bytes += LENGTH_BYTES + record.length();
    }
    return bytes;
  }

  static Bytes encode(UUID log, Slot slot) {
    byte[] body = body(slot.content());
    byte[] kept = body;
    byte keeping = PLAIN;
    if (body.length > COMPRESSED_FROM_BYTES) {
      byte[] deflated = deflate(body);
      if (deflated.length < body.length) {
        kept = deflated;
        keeping = DEFLATED;
      }
    }
    byte[] address = slot.address().getBytes(UTF_8);
    int length =
        HEADER_BYTES + slot.fence().length() + address.length + kept.length + CHECKSUM_BYTES;
    ByteBuffer out = ByteBuffer.allocate(length);
    out.putInt(MAGIC).put(VERSION).put(kind(slot.content())).put(keeping).put((byte) 0);
    put(out, log);
    out.putLong(slot.number()).putLong(slot.base());
    put(out, slot.writer());
    out.putLong(slot.sequence());
    out.putShort((short) slot.fence().length()).putShort((short) address.length);
    out.putInt(slot.content() instanceof Slot.Content.Data(var records) ? records.size() : 0);
    out.putInt(body.length);
    out.put(slot.fence().unsafeArray()).put(address).put(kept);
    out.putInt(checksum(out.array(), length - CHECKSUM_BYTES));
    return Bytes.wrap(out.array());
  }

  private static byte kind(Slot.Content content) {
    return switch (content) {
      case Slot.Content.Data _ -> DATA;
      case Slot.Content.Fence _ -> FENCE;
      case Slot.Content.Seal _ -> SEAL;
    };
  }

  private static byte[] body(Slot.Content content) {
    return switch (content) {
      case Slot.Content.Data(var records) -> {
        ByteBuffer body = ByteBuffer.allocate(Math.toIntExact(bodyBytes(records)));
        for (Bytes record : records) {
          body.putInt(record.length()).put(record.unsafeArray());
        }
        yield body.array();
      }
      case Slot.Content.Fence(var token) -> token.toArray();
      case Slot.Content.Seal() -> new byte[0];
    };
  }

  /// Reads an object back.
  ///
  /// @param number the slot it was found at
  /// @throws DamagedObjectException if it is not a slot of this log with this number, whole and in
  ///   a format that is known here
  static Slot decode(UUID log, long number, Bytes object) throws DamagedObjectException {
    ByteBuffer in = object.asBuffer();
    if (in.remaining() < HEADER_BYTES + CHECKSUM_BYTES || in.getInt() != MAGIC) {
      throw new DamagedObjectException("it is no slot of a log");
    }
    byte version = in.get();
    if (version != VERSION) {
      throw new DamagedObjectException(
          "its format is " + version + ", known here is " + VERSION + ": upgrade this process");
    }
    int end = object.length() - CHECKSUM_BYTES;
    if (checksum(object.unsafeArray(), end) != in.getInt(end)) {
      throw new DamagedObjectException("its checksum is wrong: it is not what was written");
    }
    byte kind = in.get();
    byte keeping = in.get();
    in.get();
    UUID itsLog = uuid(in);
    long itsNumber = in.getLong();
    if (!itsLog.equals(log) || itsNumber != number) {
      throw new DamagedObjectException(
          "it is slot " + itsNumber + " of log " + itsLog + ": objects were copied or mixed up");
    }
    return decode(number, kind, keeping, in, end);
  }

  private static Slot decode(long number, byte kind, byte keeping, ByteBuffer in, int end)
      throws DamagedObjectException {
    long base = in.getLong();
    UUID writer = uuid(in);
    long sequence = in.getLong();
    int fenceBytes = in.getShort();
    int addressBytes = in.getShort();
    int records = in.getInt();
    int bytes = in.getInt();
    if (fenceBytes < 0 || addressBytes < 0 || fenceBytes + addressBytes > end - HEADER_BYTES) {
      throw new DamagedObjectException(
          "its token has " + fenceBytes + " bytes, its address " + addressBytes);
    }
    Bytes fence = take(in, fenceBytes);
    String address = take(in, addressBytes).utf8();
    byte[] kept = take(in, end - in.position()).unsafeArray();
    if (bytes < 0 || bytes > ObjectStore.OBJECT_BYTES_MAX) {
      throw new DamagedObjectException("its body has " + bytes + " bytes");
    }
    byte[] body =
        switch (keeping) {
          case PLAIN -> kept;
          case DEFLATED -> inflate(kept, bytes);
          default -> throw new DamagedObjectException("its body is kept in way " + keeping);
        };
    if (body.length != bytes) {
      throw new DamagedObjectException("its body has " + body.length + " bytes, not " + bytes);
    }
    Slot.Content content =
        switch (kind) {
          case DATA -> new Slot.Content.Data(records(body, records));
          case FENCE -> new Slot.Content.Fence(Bytes.wrap(body));
          case SEAL -> new Slot.Content.Seal();
          default ->
              throw new DamagedObjectException(
                  "its kind is " + kind + ", which is unknown here: upgrade this process");
        };
    if (base > number || number - base >= Slot.CHAIN_MAX || base < 0 || sequence < 1) {
      throw new DamagedObjectException("its chain begins at " + base);
    }
    return new Slot(number, writer, sequence, base, fence, address, content);
  }

  private static List<Bytes> records(byte[] body, int count) throws DamagedObjectException {
    if (count < 1 || count > body.length / LENGTH_BYTES) {
      throw new DamagedObjectException("it has " + count + " records");
    }
    ByteBuffer in = ByteBuffer.wrap(body);
    var records = new ArrayList<Bytes>(count);
    for (int i = 0; i < count; i++) {
      int length = in.remaining() < LENGTH_BYTES ? -1 : in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new DamagedObjectException("record " + i + " has " + length + " bytes");
      }
      records.add(take(in, length));
    }
    if (in.hasRemaining()) {
      throw new DamagedObjectException("there is something behind its records");
    }
    return List.copyOf(records);
  }

  static void put(ByteBuffer out, UUID uuid) {
    out.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
  }

  static UUID uuid(ByteBuffer in) {
    return new UUID(in.getLong(), in.getLong());
  }

  static int checksum(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static Bytes take(ByteBuffer in, int length) {
    byte[] taken = new byte[length];
    in.get(taken);
    return Bytes.wrap(taken);
  }

  private static byte[] deflate(byte[] bytes) {
    var deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      var out = new ByteArrayOutputStream(bytes.length / 2);
      byte[] part = new byte[Math.min(bytes.length, 64 << 10)];
      while (!deflater.finished()) {
        out.write(part, 0, deflater.deflate(part));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] bytes, int length) throws DamagedObjectException {
    var inflater = new Inflater(true);
    try {
      inflater.setInput(bytes);
      // One more than there may be, so that a body that is too long is noticed.
      byte[] body = new byte[length + 1];
      int filled = 0;
      while (!inflater.finished() && filled <= length) {
        int more = inflater.inflate(body, filled, body.length - filled);
        if (more == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          break;
        }
        filled += more;
      }
      if (!inflater.finished() || filled != length) {
        throw new DamagedObjectException("its body does not unpack to " + length + " bytes");
      }
      Invariants.check(body.length == length + 1, "room for one more");
      return Arrays.copyOf(body, length);
    } catch (DataFormatException damage) {
      throw new DamagedObjectException("its body does not unpack: " + damage.getMessage());
    } finally {
      inflater.end();
    }
  }
}
