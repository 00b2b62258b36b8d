package io.tidemark.cli;

import io.tidemark.client.Condition;
import io.tidemark.client.Condition.Comparison;
import io.tidemark.client.Condition.Field;
import io.tidemark.client.KeyRange;
import io.tidemark.client.Operation;
import java.util.ArrayList;
import java.util.List;

/// The conditions and operations of a transaction as words on the command line.
///
/// ```text
///   condition:  exists KEY | missing KEY | value KEY CMP VALUE
///               created KEY CMP N | modified KEY CMP N | version KEY CMP N
///   operation:  put KEY VALUE | get KEY | del KEY | del-prefix PREFIX | del-range FROM TO
///   CMP:        =  !=  <  >
/// ```
///
/// Words are separated by spaces; in double quotes a word may hold spaces, and `\"` and `\\`.
final class TxnSyntax {
  private final TextOptions text;

  TxnSyntax(TextOptions text) {
    this.text = text;
  }

  Condition condition(String line) {
    List<String> words = words(line);
    return switch (words.isEmpty() ? "" : words.get(0)) {
      case "exists" -> Condition.exists(text.bytes(word(words, 2, 1, line)));
      case "missing" -> Condition.missing(text.bytes(word(words, 2, 1, line)));
      case "value" ->
          Condition.value(
              text.bytes(word(words, 4, 1, line)),
              comparison(words.get(2), line),
              text.bytes(words.get(3)));
      case "created" -> number(words, Field.CREATE_REVISION, line);
      case "modified" -> number(words, Field.MODIFY_REVISION, line);
      case "version" -> number(words, Field.VERSION, line);
      default ->
          throw wrong(
              line,
              "a condition is: exists KEY, missing KEY, or value, created, modified or version KEY"
                  + " CMP OPERAND");
    };
  }

  Operation operation(String line) {
    List<String> words = words(line);
    return switch (words.isEmpty() ? "" : words.get(0)) {
      case "put" -> Operation.put(text.bytes(word(words, 3, 1, line)), text.bytes(words.get(2)));
      case "get" -> Operation.get(text.bytes(word(words, 2, 1, line)));
      case "del" -> Operation.delete(text.bytes(word(words, 2, 1, line)));
      case "del-prefix" ->
          Operation.deleteRange(KeyRange.prefix(text.bytes(word(words, 2, 1, line))));
      case "del-range" ->
          Operation.deleteRange(
              KeyRange.between(text.bytes(word(words, 3, 1, line)), text.bytes(words.get(2))));
      default ->
          throw wrong(
              line,
              "an operation is: put KEY VALUE, get KEY, del KEY, del-prefix PREFIX or del-range"
                  + " FROM TO");
    };
  }

  private Condition number(List<String> words, Field field, String line) {
    String key = word(words, 4, 1, line);
    try {
      return Condition.number(
          text.bytes(key), field, comparison(words.get(2), line), Long.parseLong(words.get(3)));
    } catch (NumberFormatException notOne) {
      throw wrong(line, "'" + words.get(3) + "' is not a number");
    }
  }

  private static String word(List<String> words, int count, int index, String line) {
    if (words.size() != count) {
      throw wrong(line, words.get(0) + " takes " + (count - 1) + " words after it");
    }
    return words.get(index);
  }

  private static Comparison comparison(String sign, String line) {
    return switch (sign) {
      case "=", "==" -> Comparison.EQUAL;
      case "!=" -> Comparison.NOT_EQUAL;
      case "<" -> Comparison.LESS;
      case ">" -> Comparison.GREATER;
      default -> throw wrong(line, "'" + sign + "' is none of = != < >");
    };
  }

  static List<String> words(String line) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        begun = true;
      } else if (Character.isWhitespace(c) && !quoted) {
        if (begun) {
          words.add(word.toString());
        }
        word.setLength(0);
        begun = false;
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (quoted) {
      throw wrong(line, "a double quote is not closed");
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }

  private static ClientCommand.Usage wrong(String line, String why) {
    return new ClientCommand.Usage("'" + line + "': " + why);
  }
}
