package io.tidemark.cli;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.tidemark.base.Bytes;
import io.tidemark.client.KeyValue;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.util.Base64;
import java.util.Optional;

/// Bytes in JSON: a name and its text, or the name with `_b64` and base64 where they are not text.
final class Json {
  private static final String BASE64 = "_b64";

  private Json() {}

  /// Reads JSON as its standard has it, and nothing looser.
  static JsonReader reader(Reader source) {
    var json = new JsonReader(source);
    json.setStrictness(Strictness.STRICT);
    return json;
  }

  /// What writes into an object.
  interface Content {
    void write(JsonWriter json) throws IOException;
  }

  /// One object on one line, without the line's end.
  static String object(Content content) throws IOException {
    var text = new StringWriter();
    var json = new JsonWriter(text);
    json.setHtmlSafe(false);
    json.beginObject();
    content.write(json);
    json.endObject();
    return text.toString();
  }

  static void bytes(JsonWriter json, String name, Bytes bytes) throws IOException {
    Optional<String> text = Utf8.text(bytes);
    if (text.isPresent()) {
      json.name(name).value(text.get());
    } else {
      json.name(name + BASE64).value(Base64.getEncoder().encodeToString(bytes.unsafeArray()));
    }
  }

  /// A pair with everything that is known of it.
  static void pair(JsonWriter json, KeyValue pair, boolean keysOnly) throws IOException {
    bytes(json, "key", pair.key());
    if (!keysOnly) {
      bytes(json, "value", pair.value());
    }
    json.name("create_revision").value(pair.createRevision());
    json.name("modify_revision").value(pair.modifyRevision());
    json.name("version").value(pair.version());
  }

  /// The name that a member is about: with `_b64` or without.
  static String bareName(String name) {
    return name.endsWith(BASE64) ? name.substring(0, name.length() - BASE64.length()) : name;
  }

  /// The value of the member `name`, which is text, or base64 where the name says so.
  static Bytes bytes(JsonReader json, String name) throws IOException {
    String text = json.nextString();
    if (!name.endsWith(BASE64)) {
      return Utf8.bytes(text);
    }
    try {
      return Bytes.wrap(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("\"" + name + "\" is not base64", wrong);
    }
  }
}
