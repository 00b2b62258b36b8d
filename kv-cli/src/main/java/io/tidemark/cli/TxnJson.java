package io.tidemark.cli;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.tidemark.base.Bytes;
import io.tidemark.client.Condition;
import io.tidemark.client.Condition.Comparison;
import io.tidemark.client.Condition.Field;
import io.tidemark.client.KeyRange;
import io.tidemark.client.Operation;
import io.tidemark.client.Transaction;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A transaction as JSON.
///
/// ```json
/// {"conditions": [{"test": "missing", "key": "lock"},
///                 {"test": "value", "key": "tide", "is": "=", "operand": "high"},
///                 {"test": "version", "key": "tide", "is": ">", "operand": 3}],
///  "then":       [{"op": "put", "key": "lock", "value": "mine"},
///                 {"op": "del-range", "from": "a", "to": "b"}],
///  "else":       [{"op": "get", "key": "lock"}]}
/// ```
///
/// Any of `key`, `value`, `operand`, `prefix`, `from` and `to` may instead end in `_b64` and be
/// base64.
final class TxnJson {
  private TxnJson() {}

  /// Reads one transaction; what is wrong with it is a [ClientCommand.Usage].
  static Transaction read(Reader source) throws IOException {
    try {
      return transaction(Json.reader(source));
    } catch (MalformedJsonException | EOFException malformed) {
      throw new ClientCommand.Usage("the transaction is not JSON: " + malformed.getMessage());
    } catch (IllegalStateException | IllegalArgumentException wrong) {
      throw new ClientCommand.Usage("the transaction is not understood: " + wrong.getMessage());
    }
  }

  private static Transaction transaction(JsonReader json) throws IOException {
    var conditions = new ArrayList<Condition>();
    var then = new ArrayList<Operation>();
    var otherwise = new ArrayList<Operation>();
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      json.beginArray();
      while (json.hasNext()) {
        switch (name) {
          case "conditions" -> conditions.add(condition(new Members(json)));
          case "then" -> then.add(operation(new Members(json)));
          case "else" -> otherwise.add(operation(new Members(json)));
          default ->
              throw new IllegalArgumentException(
                  "\"" + name + "\" is none of conditions, then, else");
        }
      }
      json.endArray();
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw new IllegalArgumentException("something follows it");
    }
    return new Transaction(conditions, then, otherwise);
  }

  private static Condition condition(Members members) {
    String test = members.text("test");
    Condition condition =
        switch (test) {
          case "exists" -> Condition.exists(members.bytes("key"));
          case "missing" -> Condition.missing(members.bytes("key"));
          case "value" ->
              Condition.value(members.bytes("key"), members.comparison(), members.bytes("operand"));
          case "created" -> members.number(Field.CREATE_REVISION);
          case "modified" -> members.number(Field.MODIFY_REVISION);
          case "version" -> members.number(Field.VERSION);
          default ->
              throw new IllegalArgumentException(
                  "test \""
                      + test
                      + "\" is none of exists, missing, value, created, modified, version");
        };
    members.end();
    return condition;
  }

  private static Operation operation(Members members) {
    String op = members.text("op");
    Operation operation =
        switch (op) {
          case "put" -> Operation.put(members.bytes("key"), members.bytes("value"));
          case "get" -> Operation.get(members.bytes("key"));
          case "del" -> Operation.delete(members.bytes("key"));
          case "del-prefix" -> Operation.deleteRange(KeyRange.prefix(members.bytes("prefix")));
          case "del-range" ->
              Operation.deleteRange(KeyRange.between(members.bytes("from"), members.bytes("to")));
          default ->
              throw new IllegalArgumentException(
                  "op \"" + op + "\" is none of put, get, del, del-prefix, del-range");
        };
    members.end();
    return operation;
  }

  /// The members of one object, each to be taken once.
  private static final class Members {
    private static final List<String> WORDS = List.of("test", "op", "is");

    private final Map<String, String> words = new HashMap<>();
    private final Map<String, Bytes> bytes = new HashMap<>();

    Members(JsonReader json) throws IOException {
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        boolean twice =
            WORDS.contains(name)
                ? words.put(name, json.nextString()) != null
                : bytes.put(Json.bareName(name), Json.bytes(json, name)) != null;
        if (twice) {
          throw new IllegalArgumentException("\"" + name + "\" stands there twice");
        }
      }
      json.endObject();
    }

    String text(String name) {
      String word = words.remove(name);
      if (word == null) {
        throw new IllegalArgumentException("\"" + name + "\" is missing");
      }
      return word;
    }

    Bytes bytes(String name) {
      Bytes value = bytes.remove(name);
      if (value == null) {
        throw new IllegalArgumentException("\"" + name + "\" is missing");
      }
      return value;
    }

    Comparison comparison() {
      String sign = text("is");
      return switch (sign) {
        case "=" -> Comparison.EQUAL;
        case "!=" -> Comparison.NOT_EQUAL;
        case "<" -> Comparison.LESS;
        case ">" -> Comparison.GREATER;
        default -> throw new IllegalArgumentException("is \"" + sign + "\" is none of = != < >");
      };
    }

    Condition number(Field field) {
      return Condition.number(
          bytes("key"), field, comparison(), Long.parseLong(bytes("operand").utf8()));
    }

    void end() {
      if (!words.isEmpty() || !bytes.isEmpty()) {
        throw new IllegalArgumentException(
            "what is " + (words.isEmpty() ? bytes.keySet() : words.keySet()) + "?");
      }
    }
  }
}
