package io.tidemark.cli;

import io.tidemark.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Tells text from other bytes.
final class Utf8 {
  private Utf8() {}

  /// The bytes of a text; half a surrogate pair, which UTF-8 has no bytes for, is an
  /// `IllegalArgumentException`.
  static Bytes bytes(String text) {
    try {
      return Bytes.copyOf(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)));
    } catch (CharacterCodingException half) {
      throw new IllegalArgumentException("the text holds half a surrogate pair", half);
    }
  }

  /// The text, if the bytes are well-formed UTF-8.
  static Optional<String> text(Bytes bytes) {
    return text(bytes.unsafeArray(), 0, bytes.length());
  }

  static Optional<String> text(byte[] array, int from, int length) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(array, from, length))
              .toString());
    } catch (CharacterCodingException malformed) {
      return Optional.empty();
    }
  }

  /// The text, if the bytes are well-formed UTF-8 without control characters.
  static Optional<String> printable(Bytes bytes) {
    return text(bytes).filter(text -> text.chars().noneMatch(Character::isISOControl));
  }
}
