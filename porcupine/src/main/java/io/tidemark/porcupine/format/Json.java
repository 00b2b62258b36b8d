package io.tidemark.porcupine.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Strict JSON (RFC 8259) to and from plain values: null, `Boolean`, `Long`, `Double`, `String`,
/// `List` and `Map` with keys in their order.
///
/// Refused are doubled keys, numbers that a `Long` or a finite `Double` cannot hold, and more than
/// 64 levels.
public final class Json {
  private static final int MAX_DEPTH = 64;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /// Reads one value, which must be the whole text.
  ///
  /// @throws IllegalArgumentException if it is not
  public static @Nullable Object read(String text) {
    Json reader = new Json(text);
    Object value = reader.value(0);
    reader.skipBlanks();
    if (reader.at < text.length()) {
      throw reader.error("more than one value");
    }
    return value;
  }

  /// Writes a value on one line. `<` is escaped, so that the text may stand in a web page.
  public static void write(@Nullable Object value, StringBuilder to) {
    if (value instanceof String string) {
      quote(string, to);
    } else if (value instanceof Map<?, ?> map) {
      char before = '{';
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        to.append(before);
        quote((String) entry.getKey(), to);
        to.append(':');
        write(entry.getValue(), to);
        before = ',';
      }
      to.append(before == '{' ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      char before = '[';
      for (Object element : list) {
        to.append(before);
        write(element, to);
        before = ',';
      }
      to.append(before == '[' ? "[]" : "]");
    } else if (value == null
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Integer) {
      to.append(value);
    } else if (value instanceof Double number && Double.isFinite(number)) {
      to.append(number.doubleValue());
    } else {
      throw new IllegalArgumentException("not a JSON value: " + value);
    }
  }

  private static void quote(String string, StringBuilder to) {
    to.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        to.append('\\').append(c);
      } else if (c < ' '
          || c == '<'
          || c == '\u2028'
          || c == '\u2029'
          || isLoneSurrogate(string, i)) {
        to.append(String.format("\\u%04x", (int) c));
      } else {
        to.append(c);
      }
    }
    to.append('"');
  }

  private static boolean isLoneSurrogate(String string, int at) {
    char c = string.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 == string.length() || !Character.isLowSurrogate(string.charAt(at + 1));
    }
    return Character.isLowSurrogate(c)
        && (at == 0 || !Character.isHighSurrogate(string.charAt(at - 1)));
  }

  private @Nullable Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw error("more than " + MAX_DEPTH + " levels");
    }
    skipBlanks();
    char c = peek();
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object(int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    at++;
    skipBlanks();
    if (peek() == '}') {
      at++;
      return map;
    }
    while (true) {
      skipBlanks();
      String key = string();
      skipBlanks();
      expect(':');
      if (map.containsKey(key)) {
        throw error("the key “" + key + "” twice");
      }
      map.put(key, value(depth + 1));
      skipBlanks();
      if (peek() != ',') {
        expect('}');
        return map;
      }
      at++;
    }
  }

  private List<@Nullable Object> array(int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    at++;
    skipBlanks();
    if (peek() == ']') {
      at++;
      return list;
    }
    while (true) {
      list.add(value(depth + 1));
      skipBlanks();
      if (peek() != ',') {
        expect(']');
        return list;
      }
      at++;
    }
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (true) {
      char c = peek();
      at++;
      if (c == '"') {
        return string.toString();
      }
      if (c < ' ') {
        throw error("a control character in a string");
      }
      string.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(peek(), 16);
          if (digit < 0 || peek() > 'f') {
            throw error("four hexadecimal digits expected");
          }
          code = code << 4 | digit;
          at++;
        }
        yield (char) code;
      }
      default -> throw error("an unknown escape");
    };
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw error(word + " expected");
    }
    at += word.length();
    return value;
  }

  private Object number() {
    int from = at;
    skip('-');
    int digits = at;
    skipDigits();
    boolean leadingZero = at - digits > 1 && text.charAt(digits) == '0';
    boolean whole = true;
    if (at > digits && skip('.')) {
      whole = false;
      skipDigits();
    }
    if (at > digits && (skip('e') || skip('E'))) {
      whole = false;
      if (!skip('+')) {
        skip('-');
      }
      skipDigits();
    }
    String number = text.substring(from, at);
    if (at == digits
        || leadingZero
        || !Character.isDigit(number.charAt(number.length() - 1))
        || number.contains(".e")
        || number.contains(".E")) {
      throw error("a value expected");
    }
    try {
      if (whole) {
        return Long.parseLong(number);
      }
      double value = Double.parseDouble(number);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Only too great a number gets here; it is refused below.
    }
    throw error("a number that is too great");
  }

  private boolean skip(char c) {
    boolean found = at < text.length() && text.charAt(at) == c;
    at += found ? 1 : 0;
    return found;
  }

  private void skipDigits() {
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw error("the text ends too early");
    }
    return text.charAt(at);
  }

  private void expect(char c) {
    if (peek() != c) {
      throw error("“" + c + "” expected");
    }
    at++;
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(what + " at column " + (at + 1));
  }
}
