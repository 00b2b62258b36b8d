package io.tidemark.cli;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.tidemark.base.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;

/// A key and a value as one line of a file. What `encode` writes `decode` reads back, whatever the
/// bytes are.
enum LineFormat {
  /// `{"key":"tide","value":"high"}`; what is not text stands in base64 under `key_b64` and
  /// `value_b64`.
  JSONL {
    @Override
    String encode(Bytes key, Bytes value) throws IOException {
      return Json.object(json -> {
        Json.bytes(json, "key", key);
        Json.bytes(json, "value", value);
      });
    }

    @Override
    Pair decode(String line) throws BadLine {
      try {
        return json(Json.reader(new StringReader(line)));
      } catch (MalformedJsonException | EOFException malformed) {
        throw new BadLine("not a JSON object");
      } catch (IllegalStateException wrong) {
        throw new BadLine("not a JSON object with text under \"key\" and \"value\"");
      } catch (IllegalArgumentException wrong) {
        throw new BadLine(String.valueOf(wrong.getMessage()));
      } catch (IOException wrong) {
        throw new BadLine("not JSON: " + wrong.getMessage());
      }
    }

    private Pair json(JsonReader json) throws IOException {
      Bytes key = null;
      Bytes value = null;
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        switch (name) {
          case "key", "key_b64" -> key = once(key, text(json, name), name);
          case "value", "value_b64" -> value = once(value, text(json, name), name);
          case "create_revision", "modify_revision", "version" -> json.skipValue();
          default -> throw new IllegalArgumentException("an unknown member \"" + name + "\"");
        }
      }
      json.endObject();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalArgumentException("something follows the object");
      }
      if (key == null || value == null) {
        throw new IllegalArgumentException((key == null ? "\"key\"" : "\"value\"") + " is missing");
      }
      return new Pair(key, value);
    }
  },

  /// The key, a tab, the value; in both `\t`, `\n`, `\r`, `\\`, and `\xNN` for a byte that is not
  /// text.
  TSV {
    @Override
    String encode(Bytes key, Bytes value) {
      return Escapes.escape(key) + '\t' + Escapes.escape(value);
    }

    @Override
    Pair decode(String line) throws BadLine {
      int tab = line.indexOf('\t');
      if (tab < 0 || line.indexOf('\t', tab + 1) >= 0) {
        throw new BadLine("not a key, one tab and a value");
      }
      return new Pair(
          Escapes.unescape(line.substring(0, tab)), Escapes.unescape(line.substring(tab + 1)));
    }
  };

  /// What a line holds.
  record Pair(Bytes key, Bytes value) {}

  /// The format that was asked for, otherwise the one that the file's name says.
  static LineFormat of(@Nullable LineFormat asked, String file) {
    return asked != null ? asked : file.endsWith(".tsv") ? TSV : JSONL;
  }

  /// One line, without its end.
  abstract String encode(Bytes key, Bytes value) throws IOException;

  /// Reads a line that is without its end.
  abstract Pair decode(String line) throws BadLine;

  private static Bytes text(JsonReader json, String name) throws IOException {
    if (json.peek() != JsonToken.STRING) {
      throw new IllegalArgumentException("\"" + name + "\" is not text");
    }
    return Json.bytes(json, name);
  }

  private static Bytes once(@Nullable Bytes before, Bytes now, String name) {
    if (before != null) {
      throw new IllegalArgumentException("\"" + Json.bareName(name) + "\" stands there twice");
    }
    return now;
  }

  /// A line that does not say a key and a value.
  static final class BadLine extends Exception {
    private static final long serialVersionUID = 1;

    BadLine(String why) {
      super(why);
    }
  }
}
