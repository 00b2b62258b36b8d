package io.tidemark.cli;

import io.tidemark.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Bytes within a line of tab-separated text.
final class Escapes {
  private Escapes() {}

  static String escape(Bytes bytes) {
    var text = Utf8.text(bytes);
    return text.isPresent() ? escape(text.get()) : escapeEach(bytes);
  }

  private static String escape(String text) {
    var escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\t' -> escaped.append("\\t");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\\' -> escaped.append("\\\\");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String escapeEach(Bytes bytes) {
    var escaped = new StringBuilder(bytes.length() * 4);
    for (byte b : bytes.unsafeArray()) {
      if (b >= 0x20 && b < 0x7f && b != '\\') {
        escaped.append((char) b);
      } else {
        escaped.append("\\x").append(HexFormat.of().toHexDigits(b));
      }
    }
    return escaped.toString();
  }

  static Bytes unescape(String text) throws LineFormat.BadLine {
    int at = text.indexOf('\\');
    if (at < 0) {
      return Bytes.utf8(text);
    }
    var bytes = new ByteArrayOutputStream(text.length());
    int from = 0;
    while (at >= 0) {
      bytes.writeBytes(text.substring(from, at).getBytes(StandardCharsets.UTF_8));
      char kind = at + 1 < text.length() ? text.charAt(at + 1) : 0;
      switch (kind) {
        case 't' -> bytes.write('\t');
        case 'n' -> bytes.write('\n');
        case 'r' -> bytes.write('\r');
        case '\\' -> bytes.write('\\');
        case 'x' -> bytes.write(hex(text, at));
        default -> throw new LineFormat.BadLine("a backslash before none of t n r x \\");
      }
      from = at + (kind == 'x' ? 4 : 2);
      at = text.indexOf('\\', from);
    }
    bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
    return Bytes.wrap(bytes.toByteArray());
  }

  private static int hex(String text, int at) throws LineFormat.BadLine {
    if (at + 4 > text.length()
        || !HexFormat.isHexDigit(text.charAt(at + 2))
        || !HexFormat.isHexDigit(text.charAt(at + 3))) {
      throw new LineFormat.BadLine("\\x without two hexadecimal digits");
    }
    return HexFormat.fromHexDigits(text, at + 2, at + 4);
  }
}
