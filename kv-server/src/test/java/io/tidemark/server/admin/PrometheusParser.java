package io.tidemark.server.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A strict reader of Prometheus text format 0.0.4: it throws for whatever a scraper could refuse
/// or take for something else.
public final class PrometheusParser {
  /// A family with its samples, keyed by name and labels as written.
  public record Family(String type, String help, Map<String, Double> samples) {}

  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
  private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (" + NAME + ") (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile("(" + NAME + ")(\\{" + LABEL + "(?:," + LABEL + ")*\\})? (\\S+)");
  private static final Pattern LE = Pattern.compile(",?le=\"([^\"]+)\"");

  private final Map<String, Family> families = new LinkedHashMap<>();
  private final Map<String, String> helps = new HashMap<>();
  private String family = "";

  private PrometheusParser() {}

  /// The families by name.
  public static Map<String, Family> parse(String text) {
    var parser = new PrometheusParser();
    require(text.endsWith("\n"), "the last line ends", text);
    text.lines().forEach(parser::line);
    parser.families.forEach(PrometheusParser::checkFamily);
    return parser.families;
  }

  private void line(String line) {
    Matcher comment = COMMENT.matcher(line);
    if (comment.matches()) {
      comment(comment.group(1), comment.group(2), comment.group(3));
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    require(sample.matches(), "a line is a comment or a sample", line);
    Family current = families.get(family);
    if (current == null) {
      throw new AssertionError("a sample without a family: " + line);
    }
    require(belongs(sample.group(1), current), "a sample is of its family", line);
    String key = sample.group(1) + (sample.group(2) == null ? "" : sample.group(2));
    Double before = current.samples.put(key, number(sample.group(3)));
    require(before == null, "a sample stands once", line);
  }

  private void comment(String kind, String name, String rest) {
    if (kind.equals("HELP")) {
      require(helps.put(name, rest) == null, "HELP stands once", name);
      return;
    }
    require(helps.containsKey(name), "HELP stands before TYPE", name);
    require(rest.matches("counter|gauge|histogram|summary"), "a type is known", rest);
    family = name;
    var fresh = new Family(rest, helps.getOrDefault(name, ""), new LinkedHashMap<>());
    require(families.put(name, fresh) == null, "TYPE stands once", name);
  }

  private boolean belongs(String name, Family current) {
    return switch (current.type) {
      case "histogram" -> List.of("_bucket", "_sum", "_count").contains(suffix(name));
      case "summary" -> List.of("", "_sum", "_count").contains(suffix(name));
      default -> name.equals(family);
    };
  }

  private String suffix(String name) {
    return name.startsWith(family) ? name.substring(family.length()) : "not of the family";
  }

  private static void checkFamily(String name, Family family) {
    require(!family.samples.isEmpty(), "a family has samples", name);
    if (family.type.equals("counter")) {
      require(name.endsWith("_total"), "a counter is a total", name);
      family.samples.forEach((key, value) -> require(value >= 0, "counters are positive", key));
    } else if (family.type.equals("histogram")) {
      checkHistogram(name, family);
    }
  }

  private static void checkHistogram(String name, Family family) {
    var series = new LinkedHashMap<String, List<Map.Entry<Double, Double>>>();
    family.samples.forEach((key, value) -> {
      if (key.startsWith(name + "_bucket")) {
        Matcher le = LE.matcher(key);
        require(le.find(), "a bucket has a bound", key);
        String labels = le.replaceFirst("").substring((name + "_bucket").length());
        series
            .computeIfAbsent(labels.equals("{}") ? "" : labels, _ -> new ArrayList<>())
            .add(Map.entry(number(le.group(1)), value));
      }
    });
    series.forEach((labels, buckets) -> {
      for (int i = 1; i < buckets.size(); i++) {
        var lower = buckets.get(i - 1);
        var upper = buckets.get(i);
        require(lower.getKey() < upper.getKey(), "bounds rise", name);
        require(lower.getValue() <= upper.getValue(), "buckets are cumulative", name);
      }
      var last = buckets.getLast();
      require(last.getKey().isInfinite(), "the last bucket has no bound", name);
      Double count = family.samples.get(name + "_count" + labels);
      require(last.getValue().equals(count), "the last bucket is the count", name + labels);
      require(family.samples.containsKey(name + "_sum" + labels), "there is a sum", name);
    });
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN" -> Double.NaN;
      default -> {
        require(text.matches("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?"), "a value", text);
        yield Double.parseDouble(text);
      }
    };
  }

  private static void require(boolean holds, String rule, String where) {
    if (!holds) {
      throw new AssertionError("not so: " + rule + ": " + where);
    }
  }
}
