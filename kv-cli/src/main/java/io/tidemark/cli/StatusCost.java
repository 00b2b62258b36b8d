package io.tidemark.cli;

import com.google.gson.stream.JsonWriter;
import io.tidemark.client.ServerInfo.LogCost;
import io.tidemark.client.ServerInfo.LogRequests;
import io.tidemark.client.ServerInfo.Spending;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// What a log costs a server, as `status` tells it.
final class StatusCost {
  private StatusCost() {}

  /// A few lines for people.
  static void write(OutputStream out, String endpoint, LogCost cost) throws IOException {
    Spending all = cost.sinceStart();
    Spending late = cost.lately();
    var budget = cost.budgetDollarsPerHour();
    String text =
        """

        %s has spent %s on requests to its log in %s; %s in the last %s%s
          %s
          writes        %s a million (%s so far); lately %s
          strong reads  %s a million (%s so far); lately %s
        """
            .formatted(
                endpoint,
                dollars(all.dollars()),
                time(all.seconds()),
                dollars(late.dollars()),
                time(late.seconds()),
                budget.isPresent() ? ", of " + dollars(budget.getAsDouble()) + " an hour" : "",
                requests(cost),
                dollars(all.dollarsPerMillionWrites()),
                all.writes(),
                dollars(late.dollarsPerMillionWrites()),
                dollars(all.dollarsPerMillionStrongReads()),
                all.strongReads(),
                dollars(late.dollarsPerMillionStrongReads()));
    ClientCommand.print(out, text);
  }

  private static String requests(LogCost cost) {
    Map<String, long[]> kinds = new LinkedHashMap<>();
    long sent = 0;
    long received = 0;
    for (LogRequests each : cost.requests()) {
      long[] sums = kinds.computeIfAbsent(each.kind(), _ -> new long[3]);
      sums[0] += each.requests();
      sums[1] += each.missed();
      sums[2] += each.failed();
      sent += each.bytesSent();
      received += each.bytesReceived();
    }
    String counts =
        kinds.entrySet().stream()
            .map(kind -> count(kind.getKey(), kind.getValue()))
            .collect(Collectors.joining(", "));
    return counts + "; " + mebibytes(sent) + " sent, " + mebibytes(received) + " received";
  }

  private static String count(String kind, long[] sums) {
    String missed = sums[1] == 0 ? "" : sums[1] + " missed";
    String failed = sums[2] == 0 ? "" : sums[2] + " failed";
    String both = missed + (missed.isEmpty() || failed.isEmpty() ? "" : ", ") + failed;
    return kind + " " + sums[0] + (both.isEmpty() ? "" : " (" + both + ")");
  }

  /// One object for programs.
  static void writeJson(JsonWriter json, LogCost cost) throws IOException {
    json.name("cost").beginObject();
    if (cost.budgetDollarsPerHour().isPresent()) {
      json.name("budget_dollars_per_hour").value(cost.budgetDollarsPerHour().getAsDouble());
    }
    json.name("since_start");
    writeJson(json, cost.sinceStart());
    json.name("lately");
    writeJson(json, cost.lately());
    json.name("requests").beginArray();
    for (LogRequests each : cost.requests()) {
      json.beginObject();
      json.name("kind").value(each.kind());
      json.name("purpose").value(each.purpose());
      json.name("requests").value(each.requests());
      json.name("missed").value(each.missed());
      json.name("failed").value(each.failed());
      json.name("throttled").value(each.throttled());
      json.name("bytes_sent").value(each.bytesSent());
      json.name("bytes_received").value(each.bytesReceived());
      json.name("dollars").value(each.dollars());
      json.endObject();
    }
    json.endArray();
    json.endObject();
  }

  private static void writeJson(JsonWriter json, Spending spending) throws IOException {
    json.beginObject();
    json.name("seconds").value(spending.seconds());
    json.name("dollars").value(spending.dollars());
    json.name("writes").value(spending.writes());
    json.name("write_dollars").value(spending.writeDollars());
    json.name("strong_reads").value(spending.strongReads());
    json.name("read_dollars").value(spending.readDollars());
    json.endObject();
  }

  private static String dollars(OptionalDouble dollars) {
    return dollars.isPresent() ? dollars(dollars.getAsDouble()) : "-";
  }

  /// Three digits are enough, however small.
  private static String dollars(double dollars) {
    var rounded = new BigDecimal(dollars).round(new MathContext(3)).stripTrailingZeros();
    return "$" + rounded.toPlainString();
  }

  private static String time(double seconds) {
    var time = Duration.ofSeconds(Math.round(seconds));
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }
}
