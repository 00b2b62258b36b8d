package io.tidemark.server.admin;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.Meter;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import io.tidemark.replica.BucketHistogram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes metrics in Prometheus text format 0.0.4.
///
/// A metric's name in the registry is words with dots, and may carry labels as they stand in the
/// format: `rpc.calls{method="Get",code="OK"}`. It becomes the family `tidemark_rpc_calls_total`
/// with these labels.
///
/// | in the registry | in the text |
/// |---|---|
/// | [Counter], [Meter] | counter, `_total` |
/// | [Gauge] of a number or a boolean | gauge; of anything else: left out |
/// | [BucketHistogram] | histogram; of latencies: `_seconds` |
/// | [Histogram], [Timer] | summary of this process alone; timers: `_seconds` |
public final class PrometheusText {
  /// What the text is, for HTTP.
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999};
  private static final double NANOS_PER_SECOND = 1e9;
  private static final Properties HELP = loadHelp();

  private final TreeMap<String, Family> families = new TreeMap<>();

  private PrometheusText() {}

  /// Everything in the registry, families in the order of their names.
  public static String write(MetricRegistry registry) {
    var writer = new PrometheusText();
    registry.getMetrics().forEach(writer::add);
    var text = new StringBuilder();
    writer.families.forEach((name, family) ->
        text.append("# HELP ")
            .append(name)
            .append(' ')
            .append(family.help)
            .append('\n')
            .append("# TYPE ")
            .append(name)
            .append(' ')
            .append(family.type)
            .append('\n')
            .append(family.samples));
    return text.toString();
  }

  private record Family(String type, String help, StringBuilder samples) {}

  private void add(String registered, Metric metric) {
    int brace = registered.indexOf('{');
    String words = brace < 0 ? registered : registered.substring(0, brace);
    String labels = brace < 0 ? "" : registered.substring(brace + 1, registered.length() - 1);
    switch (metric) {
      case BucketHistogram histogram -> histogram(words, labels, histogram);
      case Timer timer ->
          summary(
              words, labels, "_seconds", NANOS_PER_SECOND, timer.getCount(), timer.getSnapshot());
      case Histogram histogram ->
          summary(words, labels, "", 1, histogram.getCount(), histogram.getSnapshot());
      case Counter counter -> counter(words, labels, counter.getCount());
      case Meter meter -> counter(words, labels, meter.getCount());
      case Gauge<?> gauge -> gauge(words, labels, gauge.getValue());
      default -> {}
    }
  }

  private void counter(String words, String labels, long count) {
    String name = family(words, "_total");
    sample(samples(name, "counter", words), name, labels, number(count));
  }

  private void gauge(String words, String labels, @Nullable Object value) {
    String text =
        switch (value) {
          case Boolean truth -> truth ? "1" : "0";
          case Double real -> number(real);
          case Float real -> number(real.doubleValue());
          case Number whole -> number(whole.longValue());
          case null, default -> null;
        };
    if (text != null) {
      String name = family(words, "");
      sample(samples(name, "gauge", words), name, labels, text);
    }
  }

  private void histogram(String words, String labels, BucketHistogram histogram) {
    String name = family(words, histogram.unit() == 1 ? "" : "_seconds");
    StringBuilder samples = samples(name, "histogram", words);
    BucketHistogram.Counts counts = histogram.counts();
    for (int i = 0; i < histogram.bounds(); i++) {
      String le = "le=\"" + bound(histogram.bound(i)) + '"';
      sample(samples, name + "_bucket", and(labels, le), number(counts.atMost(i)));
    }
    sample(samples, name + "_bucket", and(labels, "le=\"+Inf\""), number(counts.count()));
    sample(samples, name + "_sum", labels, number(counts.sum()));
    sample(samples, name + "_count", labels, number(counts.count()));
  }

  private void summary(
      String words, String labels, String suffix, double unit, long count, Snapshot snapshot) {
    String name = family(words, suffix);
    StringBuilder samples = samples(name, "summary", words);
    for (double quantile : QUANTILES) {
      String label = "quantile=\"" + quantile + '"';
      sample(samples, name, and(labels, label), number(snapshot.getValue(quantile) / unit));
    }
    sample(samples, name + "_count", labels, number(count));
  }

  private StringBuilder samples(String name, String type, String words) {
    return families.computeIfAbsent(name, _ -> new Family(type, help(words), new StringBuilder()))
        .samples;
  }

  private static void sample(StringBuilder samples, String name, String labels, String value) {
    samples.append(name);
    if (!labels.isEmpty()) {
      samples.append('{').append(labels).append('}');
    }
    samples.append(' ').append(value).append('\n');
  }

  private static String and(String labels, String label) {
    return labels.isEmpty() ? label : labels + ',' + label;
  }

  private static String family(String words, String suffix) {
    String name = words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    return "tidemark_" + name + (name.endsWith(suffix) ? "" : suffix);
  }

  private static String number(long whole) {
    return Long.toString(whole);
  }

  private static String number(double real) {
    return Double.isInfinite(real) ? (real > 0 ? "+Inf" : "-Inf") : Double.toString(real);
  }

  // Bounds are told in decimal without the noise of their last binary digits, alike everywhere.
  private static String bound(double real) {
    return new BigDecimal(real).round(new MathContext(9)).stripTrailingZeros().toPlainString();
  }

  private static String help(String words) {
    return HELP.getProperty(words, words).replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static Properties loadHelp() {
    var help = new Properties();
    try (InputStream file = PrometheusText.class.getResourceAsStream("metrics.properties")) {
      if (file != null) {
        help.load(file);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return help;
  }
}
