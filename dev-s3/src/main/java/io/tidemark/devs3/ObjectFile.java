package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import io.tidemark.devs3.Storage.Stored;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// One object in one file.
///
/// ```text
///   8 bytes   magic "TMS3OBJ1"
///   4         length of the head
///   4         CRC-32C of the head
///   head      serial (8), modified (8), body length (8), CRC-32C of the body (4),
///             key length (4), key, etag, count (4) and pairs of headers
///   body      as long as the head says, to the end of the file
/// ```
///
/// The file is named by the SHA-256 of its key, so that every key has a name that a file may have.
final class ObjectFile {
  private static final long MAGIC = 0x544d53334f424a31L;
  private static final int FRONT_BYTES = 16;
  private static final int HEAD_BYTES_MAX = 1 << 20;

  private ObjectFile() {}

  static String nameOf(Bytes key) {
    return HexFormat.of().formatHex(Digests.sha256(key.unsafeArray()));
  }

  /// Writes a new file and forces it to the disk.
  static void write(Path file, ObjectInfo info, Bytes body) throws IOException {
    byte[] head = head(info, body);
    var front = ByteBuffer.allocate(FRONT_BYTES + head.length);
    front.putLong(MAGIC).putInt(head.length).putInt(crc(head)).put(head).flip();
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeAll(channel, front);
      writeAll(channel, body.asBuffer());
      channel.force(false);
    }
  }

  /// What is known of the object in this file; its body is not looked at, but for its length.
  static ObjectInfo readInfo(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return readHead(file, channel).info();
    }
  }

  static Stored read(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Head head = readHead(file, channel);
      byte[] body = new byte[Math.toIntExact(head.info().length())];
      readAll(channel, ByteBuffer.wrap(body));
      if (crc(body) != head.bodyCrc()) {
        throw new IOException(file + " is damaged: its body does not have its checksum");
      }
      return new Stored(head.info(), Bytes.wrap(body));
    }
  }

  private record Head(ObjectInfo info, int bodyCrc) {}

  private static byte[] head(ObjectInfo info, Bytes body) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeLong(info.serial());
      out.writeLong(info.modifiedMillis());
      out.writeLong(body.length());
      out.writeInt(crc(body.unsafeArray()));
      writeText(out, info.key().unsafeArray());
      writeText(out, info.etag().getBytes(StandardCharsets.UTF_8));
      out.writeInt(info.headers().size());
      for (var header : new TreeMap<>(info.headers()).entrySet()) {
        writeText(out, header.getKey().getBytes(StandardCharsets.UTF_8));
        writeText(out, header.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static Head readHead(Path file, FileChannel channel) throws IOException {
    var front = ByteBuffer.allocate(FRONT_BYTES);
    readAll(channel, front);
    front.flip();
    boolean isOurs = front.getLong() == MAGIC;
    int length = front.getInt();
    int expected = front.getInt();
    if (!isOurs || length < 0 || length > HEAD_BYTES_MAX) {
      throw new IOException(file + " is damaged, or no object's file");
    }
    byte[] head = new byte[length];
    readAll(channel, ByteBuffer.wrap(head));
    if (crc(head) != expected) {
      throw new IOException(file + " is damaged: its head does not have its checksum");
    }
    Head read = parse(head);
    if (channel.size() != FRONT_BYTES + length + read.info().length()) {
      throw new IOException(file + " is damaged: its length is not what its head says");
    }
    return read;
  }

  private static Head parse(byte[] head) throws IOException {
    try (var in = new DataInputStream(new ByteArrayInputStream(head))) {
      long serial = in.readLong();
      long modifiedMillis = in.readLong();
      long length = in.readLong();
      int bodyCrc = in.readInt();
      var key = Bytes.wrap(readText(in));
      String etag = utf8(readText(in));
      var headers = new TreeMap<String, String>();
      for (int left = in.readInt(); left > 0; left--) {
        String name = utf8(readText(in));
        headers.put(name, utf8(readText(in)));
      }
      return new Head(new ObjectInfo(key, serial, length, etag, modifiedMillis, headers), bodyCrc);
    }
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void writeText(DataOutputStream out, byte[] text) throws IOException {
    out.writeInt(text.length);
    out.write(text);
  }

  private static byte[] readText(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }

  private static int crc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static void readAll(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file ends too early");
      }
    }
  }
}
