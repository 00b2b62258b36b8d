package io.tidemark.devs3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// Percent encoding as S3 does it.
final class Encoding {
  private static final String UNRESERVED = "-._~";

  private Encoding() {}

  /// Encodes all but letters, digits, `-._~` and the characters of `kept`.
  static String percent(String text, String kept) {
    var out = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean isPlain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || UNRESERVED.indexOf(c) >= 0
              || kept.indexOf(c) >= 0;
      if (isPlain) {
        out.append(c);
      } else {
        out.append('%').append(hex(c >> 4)).append(hex(c));
      }
    }
    return out.toString();
  }

  /// Decodes a part of a path; nothing if it is not the encoding of UTF-8 text.
  static Optional<String> decode(String text) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0x7f) {
        return Optional.empty();
      }
      if (c == '%') {
        if (i + 2 >= text.length()
            || Character.digit(text.charAt(i + 1), 16) < 0
            || Character.digit(text.charAt(i + 2), 16) < 0) {
          return Optional.empty();
        }
        bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException wrong) {
      return Optional.empty();
    }
  }

  /// Takes a query apart; nothing if it cannot be read or names a parameter twice.
  static Optional<SequencedMap<String, String>> query(String raw) {
    var query = new LinkedHashMap<String, String>();
    if (raw.isEmpty()) {
      return Optional.of(query);
    }
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      var name = decode(equals < 0 ? pair : pair.substring(0, equals));
      var value = decode(equals < 0 ? "" : pair.substring(equals + 1).replace("+", "%20"));
      if (name.isEmpty() || value.isEmpty() || query.containsKey(name.get())) {
        return Optional.empty();
      }
      query.put(name.get(), value.get());
    }
    return Optional.of(query);
  }

  private static char hex(int digit) {
    return Character.toUpperCase(Character.forDigit(digit & 0xf, 16));
  }
}
