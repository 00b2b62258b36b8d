package io.tidemark.log.journal;

import io.tidemark.log.LogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/// The file `LOG`, which says which log the directory holds. It is written once:
///
/// ```text
///    0 | magic "TIDELOG" and a zero | 8 bytes
///    8 | format                     | u32
///   12 | id of the log              | 16 bytes
///   28 | CRC32C of the above        | u32
/// ```
final class LogIdentity {
  /// The version of everything a journal's directory holds.
  static final int FORMAT = 1;

  /// Its name.
  static final String FILE = "LOG";

  private static final String UNFINISHED = "LOG.tmp";
  private static final long MAGIC = 0x544944454c4f4700L;
  private static final int CRC_AT = 28;
  private static final int BYTES = 32;

  private LogIdentity() {}

  /// Writes the file, durably.
  static void write(Storage storage, UUID id) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(MAGIC).putInt(FORMAT);
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    bytes.putInt(checksum(bytes)).flip();
    try (StorageFile file = storage.create(UNFINISHED)) {
      file.write(bytes, 0);
      file.force();
    }
    storage.rename(UNFINISHED, FILE);
    storage.sync();
  }

  /// Reads the file.
  ///
  /// @throws LogException.Corrupt if it is not what was written
  static UUID read(Storage storage) throws IOException {
    String name = storage.name() + "/" + FILE;
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    try (StorageFile file = storage.open(FILE)) {
      file.read(bytes, 0);
    }
    if (bytes.hasRemaining() || bytes.getLong(0) != MAGIC) {
      throw new LogException.Corrupt(name + ", offset 0: this is no journal");
    }
    checkFormat(bytes.getInt(8), name);
    if (bytes.getInt(CRC_AT) != checksum(bytes)) {
      throw new LogException.Corrupt(name + ", offset 0: the log's identity is damaged");
    }
    return new UUID(bytes.getLong(12), bytes.getLong(20));
  }

  /// Refuses what another version of the format wrote.
  static void checkFormat(int format, String file) {
    if (format != FORMAT) {
      throw new LogException.Corrupt(
          file + ": written in format " + format + ", which this version does not read");
    }
  }

  private static int checksum(ByteBuffer bytes) {
    var crc = new CRC32C();
    crc.update(bytes.duplicate().limit(CRC_AT).position(0));
    return (int) crc.getValue();
  }
}
