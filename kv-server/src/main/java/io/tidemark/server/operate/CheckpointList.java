package io.tidemark.server.operate;

import com.google.gson.JsonObject;
import io.tidemark.checkpoint.Catalogue;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Checkpoints as lines of text.
record CheckpointList(Catalogue catalogue) {
  private static final List<String> TITLES =
      List.of("REVISION", "TIME", "SIZE", "NEW", "ROWS", "STATE", "DIGEST", "BY");

  /// For people, with a line of titles.
  List<String> table() {
    var rows = new ArrayList<List<String>>();
    rows.add(TITLES);
    catalogue.checkpoints().forEach(each -> rows.add(row(each)));
    var lines = new ArrayList<String>();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column));
        if (column < row.size() - 1) {
          int width = width(rows, column);
          line.append(" ".repeat(width - row.get(column).length() + 2));
        }
      }
      lines.add(line.toString());
    }
    catalogue.making().forEach(position -> lines.add((position - 1) + "  being made"));
    return lines;
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static List<String> row(Checkpoint each) {
    var facts = each.manifest().facts();
    return List.of(
        Long.toString(each.position() - 1),
        Moment.text(facts.logTimeMillis()),
        size(each.manifest().bytes()),
        size(each.manifest().newBytes()),
        Long.toString(facts.rows()),
        state(each),
        facts.digest().toString(),
        facts.maker());
  }

  private static String state(Checkpoint each) {
    String pins = each.pins() == 0 ? "" : ", read by " + each.pins();
    if (each.doomed().isPresent()) {
      return "doomed" + pins;
    }
    return each.verdict()
            .map(verdict -> verdict.isMaker() ? "verified by its maker" : "verified")
            .orElse("not verified")
        + pins;
  }

  /// For programs: one object for each.
  List<String> json() {
    var lines = new ArrayList<String>();
    for (Checkpoint each : catalogue.checkpoints()) {
      var facts = each.manifest().facts();
      var json = new JsonObject();
      json.addProperty("log_id", facts.logId().toString());
      json.addProperty("revision", each.position() - 1);
      json.addProperty("position", each.position());
      json.addProperty("log_time_ms", facts.logTimeMillis());
      json.addProperty("bytes", each.manifest().bytes());
      json.addProperty("new_bytes", each.manifest().newBytes());
      json.addProperty("rows", facts.rows());
      json.addProperty("digest", facts.digest().toString());
      json.addProperty("maker", facts.maker());
      json.addProperty("pins", each.pins());
      each.verdict().ifPresent(verdict -> add(json, verdict));
      each.doomed().ifPresent(why -> json.addProperty("doomed", why));
      lines.add(json.toString());
    }
    for (long position : catalogue.making()) {
      var json = new JsonObject();
      json.addProperty("revision", position - 1);
      json.addProperty("position", position);
      json.addProperty("making", true);
      lines.add(json.toString());
    }
    return lines;
  }

  private static void add(JsonObject json, Verdict verdict) {
    json.addProperty("verified_by", verdict.verifier());
    json.addProperty("verified_by_maker", verdict.isMaker());
    json.addProperty("verified_ms", verdict.wallMillis());
  }

  /// What cannot be read, in words.
  List<String> problems() {
    return catalogue.unreadable().stream()
        .map(each -> "revision " + (each.position() - 1) + ": " + each.why().getMessage())
        .toList();
  }

  /// A number of bytes as people read it, with three digits.
  static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double number = bytes;
    int unit = 0;
    while (number >= 1000 && unit < units.length - 1) {
      number /= 1024;
      unit++;
    }
    String form = unit == 0 || number >= 99.95 ? "%.0f" : number >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form + " %s", number, units[unit]);
  }
}
