package io.tidemark.cli;

import com.google.gson.stream.JsonWriter;
import io.tidemark.client.TidemarkClient;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench`: reads and writes as fast as the servers answer, for a while.
@Command(
    name = "bench",
    description = {
      "Read and write as fast as the servers answer, for a while, and say how fast that was.",
      "Each client sends its next request when the last is answered. Keys are bench-0, bench-1,",
      "and so on; what was written stays there (`tidemark del --prefix bench-` removes it)."
    })
public final class BenchCommand extends ClientCommand {
  @Option(
      names = "--clients",
      paramLabel = "COUNT",
      defaultValue = "16",
      description = "How many requests are under way at once, 1 to 4000 (default: 16).")
  private int clients = 16;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Converters.Time.class,
      description = "How long to measure (default: 10s, unless --ops is given).")
  private @Nullable Duration duration;

  @Option(names = "--ops", paramLabel = "COUNT", description = "How many requests to measure.")
  private @Nullable Long ops;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = Converters.Time.class,
      description = "How long to run before measuring (default: 2s).")
  private Duration warmup = Duration.ofSeconds(2);

  @Option(
      names = "--read-ratio",
      paramLabel = "SHARE",
      defaultValue = "0.5",
      description = "The share of reads, 0 to 1 (default: 0.5).")
  private double readRatio = 0.5;

  @Option(
      names = "--key-count",
      paramLabel = "COUNT",
      defaultValue = "10000",
      description = "How many keys there are to choose from (default: 10000).")
  private long keyCount = 10_000;

  @Option(
      names = "--value-size",
      paramLabel = "BYTES",
      defaultValue = "100",
      description = "How long a value is (default: 100).")
  private int valueBytes = 100;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "Where the choice of keys, values and kinds begins (default: 1).")
  private long seed = 1;

  @Mixin private final ReadOptions read = new ReadOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  BenchCommand(Streams streams) {
    super(streams);
  }

  @Override
  int run(OutputStream out) throws IOException, InterruptedException {
    check(clients >= 1 && clients <= 4_000, "--clients is 1 to 4000");
    check(readRatio >= 0 && readRatio <= 1, "--read-ratio is 0 to 1");
    check(keyCount >= 1, "--key-count is at least 1");
    check(valueBytes >= 0 && valueBytes <= 16 << 20, "--value-size is 0 to 16 MiB");
    check(ops == null || ops >= 1, "--ops is at least 1");
    check(ops == null || duration == null, "give --ops or --duration, not both");
    var work = new Bench.Work(clients, readRatio, keyCount, valueBytes, seed, read.consistency());
    Duration longest =
        duration != null ? duration : ops != null ? Duration.ofDays(1) : Duration.ofSeconds(10);
    try (TidemarkClient client = connect()) {
      client.serverInfo();
      Bench.run(client, work, warmup, Long.MAX_VALUE);
      Bench.Measured measured =
          Bench.run(client, work, longest, ops == null ? Long.MAX_VALUE : ops);
      if (output.format() == OutputOptions.Format.JSON) {
        println(out, Json.object(json -> writeJson(json, measured)));
      } else {
        writeTable(out, measured);
      }
      return measured.reads().getTotalCount() + measured.writes().getTotalCount() > 0
          ? ExitCode.OK
          : ExitCode.UNAVAILABLE;
    }
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      throw new Usage(rule);
    }
  }

  private static void writeTable(OutputStream out, Bench.Measured measured) throws IOException {
    var table = new Table(out, "KIND", "OPS", "OPS/S", "P50 MS", "P95 MS", "P99 MS", "MAX MS");
    var all = measured.reads().copy();
    all.add(measured.writes());
    row(table, "read", measured.reads(), measured.seconds());
    row(table, "write", measured.writes(), measured.seconds());
    row(table, "all", all, measured.seconds());
    table.flush();
    for (var error : measured.errors().entrySet()) {
      println(out, "errors: " + error.getKey() + " " + error.getValue());
    }
    if (measured.errors().isEmpty()) {
      println(out, "errors: none");
    }
  }

  private static void row(Table table, String kind, Histogram times, double seconds)
      throws IOException {
    table.row(
        kind,
        Long.toString(times.getTotalCount()),
        String.format(Locale.ROOT, "%.0f", times.getTotalCount() / seconds),
        millis(times.getValueAtPercentile(50)),
        millis(times.getValueAtPercentile(95)),
        millis(times.getValueAtPercentile(99)),
        millis(times.getMaxValue()));
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
  }

  private static void writeJson(JsonWriter json, Bench.Measured measured) throws IOException {
    json.name("seconds").value(measured.seconds());
    json.name("read");
    kind(json, measured.reads(), measured.seconds());
    json.name("write");
    kind(json, measured.writes(), measured.seconds());
    json.name("errors").beginObject();
    for (var error : measured.errors().entrySet()) {
      json.name(error.getKey()).value(error.getValue());
    }
    json.endObject();
  }

  private static void kind(JsonWriter json, Histogram times, double seconds) throws IOException {
    json.beginObject();
    json.name("ops").value(times.getTotalCount());
    json.name("ops_per_second").value(Math.round(times.getTotalCount() / seconds));
    json.name("p50_us").value(times.getValueAtPercentile(50) / 1_000);
    json.name("p95_us").value(times.getValueAtPercentile(95) / 1_000);
    json.name("p99_us").value(times.getValueAtPercentile(99) / 1_000);
    json.name("max_us").value(times.getMaxValue() / 1_000);
    json.endObject();
  }
}
