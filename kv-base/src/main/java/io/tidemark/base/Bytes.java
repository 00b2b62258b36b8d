package io.tidemark.base;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// An immutable string of bytes: keys, values and encoded records.
///
/// The order is unsigned and lexicographic, a prefix before what it is a prefix of; it is the order
/// of keys everywhere in the database.
public final class Bytes implements Comparable<Bytes> {
  /// The string of length zero.
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final int DESCRIBED_LENGTH_MAX = 64;

  private final byte[] array;

  // Zero until computed, as in java.lang.String.
  private int hash;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /// Takes the array over without a copy; the caller must never write to it again.
  public static Bytes wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  /// Copies the array.
  public static Bytes copyOf(byte[] array) {
    return wrap(array.clone());
  }

  /// Copies what remains in the buffer, whose position moves to its limit.
  public static Bytes copyOf(ByteBuffer buffer) {
    byte[] array = new byte[buffer.remaining()];
    buffer.get(array);
    return wrap(array);
  }

  /// The UTF-8 encoding of the text.
  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /// How many bytes there are.
  public int length() {
    return array.length;
  }

  /// Whether there are no bytes.
  public boolean isEmpty() {
    return array.length == 0;
  }

  /// The byte at an index from 0 to `length() - 1`.
  public byte at(int index) {
    return array[index];
  }

  /// A copy of the bytes.
  public byte[] toArray() {
    return array.clone();
  }

  /// The bytes themselves, for callers that only read: whoever writes to them breaks every holder.
  public byte[] unsafeArray() {
    return array;
  }

  /// A read-only buffer over the bytes, without a copy.
  public ByteBuffer asBuffer() {
    return ByteBuffer.wrap(array).asReadOnlyBuffer();
  }

  /// Whether these bytes begin with all of `prefix`.
  public boolean startsWith(Bytes prefix) {
    return array.length >= prefix.array.length
        && Arrays.equals(array, 0, prefix.array.length, prefix.array, 0, prefix.array.length);
  }

  /// The smallest string greater than every string with this prefix, or nothing where there is none
  /// (the prefix is empty or consists of `0xff` alone).
  public Optional<Bytes> afterPrefix() {
    int end = array.length;
    while (end > 0 && array[end - 1] == (byte) 0xff) {
      end--;
    }
    if (end == 0) {
      return Optional.empty();
    }
    byte[] after = Arrays.copyOf(array, end);
    after[end - 1]++;
    return Optional.of(wrap(after));
  }

  /// The smallest string greater than this one: these bytes and a zero.
  public Bytes successor() {
    return wrap(Arrays.copyOf(array, array.length + 1));
  }

  /// The bytes decoded as UTF-8; what is malformed becomes the replacement character.
  public String utf8() {
    return new String(array, StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(array, that.array);
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = Arrays.hashCode(array);
      hash = h;
    }
    return h;
  }

  /// For people: quoted text where the bytes are printable ASCII, otherwise hexadecimal; at most 64
  /// bytes of it, followed by the length where that is cut.
  @Override
  public String toString() {
    int shown = Math.min(array.length, DESCRIBED_LENGTH_MAX);
    String text =
        isPrintable(shown) ? quoted(shown) : "0x" + HexFormat.of().formatHex(array, 0, shown);
    return shown == array.length ? text : text + "... (" + array.length + " bytes)";
  }

  private boolean isPrintable(int length) {
    for (int i = 0; i < length; i++) {
      if (array[i] < 0x20 || array[i] > 0x7e) {
        return false;
      }
    }
    return true;
  }

  private String quoted(int length) {
    return '"' + new String(array, 0, length, StandardCharsets.US_ASCII) + '"';
  }
}
