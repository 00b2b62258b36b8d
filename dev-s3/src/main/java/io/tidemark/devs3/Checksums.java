package io.tidemark.devs3;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/// The checksums that may come with a body, in a header or behind it.
final class Checksums {
  static final String PREFIX = "x-amz-checksum-";

  private static final Map<String, Function<byte[], byte[]>> ALGORITHMS =
      Map.of(
          "crc32", body -> crc(new CRC32(), body),
          "crc32c", body -> crc(new CRC32C(), body),
          "crc64nvme", Checksums::crc64,
          "sha1", Digests::sha1,
          "sha256", Digests::sha256);

  /// Names behind the prefix that are no checksums.
  private static final List<String> SETTINGS = List.of("algorithm", "mode", "type");

  private static final long[] CRC64_TABLE = crc64Table();

  private Checksums() {}

  /// Whether a header or trailer carries a checksum.
  static boolean isChecksum(String name) {
    return name.startsWith(PREFIX) && !SETTINGS.contains(name.substring(PREFIX.length()));
  }

  /// Checks a checksum.
  ///
  /// @param name of the header, in lower case
  /// @param value in Base64
  static void verify(String name, String value, byte[] body) {
    var algorithm = ALGORITHMS.get(name.substring(PREFIX.length()));
    if (algorithm == null) {
      throw new S3Exception(S3Error.NOT_IMPLEMENTED, "There is no checksum " + name + " here.");
    }
    verify(algorithm.apply(body), value);
  }

  /// Checks a `Content-MD5`.
  static void verifyMd5(Optional<String> value, byte[] body) {
    value.ifPresent(text -> verify(Digests.md5(body), text));
  }

  private static void verify(byte[] actual, String value) {
    byte[] expected;
    try {
      expected = Base64.getDecoder().decode(value.strip());
    } catch (IllegalArgumentException wrong) {
      throw new S3Exception(S3Error.INVALID_DIGEST);
    }
    if (expected.length != actual.length) {
      throw new S3Exception(S3Error.INVALID_DIGEST);
    }
    if (!Arrays.equals(expected, actual)) {
      throw new S3Exception(S3Error.BAD_DIGEST);
    }
  }

  private static byte[] crc(Checksum checksum, byte[] body) {
    checksum.update(body);
    return ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array();
  }

  /// CRC-64/NVME: reflected, begun with ones, inverted at the end.
  private static byte[] crc64(byte[] body) {
    long crc = -1;
    for (byte each : body) {
      crc = CRC64_TABLE[(int) (crc ^ each) & 0xff] ^ (crc >>> 8);
    }
    return ByteBuffer.allocate(Long.BYTES).putLong(~crc).array();
  }

  private static long[] crc64Table() {
    long[] table = new long[256];
    for (int i = 0; i < table.length; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x9a6c9329ac4bc9b5L;
      }
      table[i] = crc;
    }
    return table;
  }
}
