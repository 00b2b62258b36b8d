package io.tidemark.cli;

import com.google.gson.stream.JsonWriter;
import io.tidemark.verify.Figures;
import io.tidemark.verify.Gate;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.Plan;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;

/// A judgement, for people and for programs.
final class VerifyOutput {
  private VerifyOutput() {}

  static void print(Judgement judgement, OutputStream out) throws IOException {
    Figures figures = judgement.figures();
    ClientCommand.println(out, judgement.family().label() + ": " + judgement.sentence());
    for (Gate.Failure failure : judgement.failures()) {
      ClientCommand.println(out, "fell short: " + name(failure.gate()) + ": " + failure.why());
    }
    ClientCommand.println(out, figures.summary());
    var table =
        new Table(out, "KIND", "ANSWERED", "REFUSED", "UNKNOWN", "P50 MS", "P99 MS", "MAX MS");
    for (Figures.Kind kind : figures.kinds()) {
      table.row(
          kind.name(),
          Long.toString(kind.answered()),
          Long.toString(kind.refused()),
          Long.toString(kind.indefinite()),
          millis(kind.p50()),
          millis(kind.p99()),
          millis(kind.max()));
    }
    table.flush();
    for (var replica : figures.answeredByReplica().entrySet()) {
      ClientCommand.println(out, replica.getKey() + ": " + replica.getValue() + " answers");
    }
    for (Figures.Faults faults : figures.faults()) {
      ClientCommand.println(
          out,
          "%s: %d times, %d operations in trouble, %s"
              .formatted(
                  faults.kind(),
                  faults.injected(),
                  faults.troubled(),
                  faults.showed() ? "felt" : "not felt"));
    }
    ClientCommand.println(
        out,
        "checked in %d ms, %d steps"
            .formatted(judgement.stats().elapsed().toMillis(), judgement.stats().steps()));
  }

  /// The verdict with everything that led to it.
  static String json(Judgement judgement, Plan plan) throws IOException {
    return Json.object(json -> {
      json.name("verdict").value(word(judgement.verdict()));
      json.name("sentence").value(judgement.sentence());
      json.name("family").value(judgement.family().label());
      json.name("fell_short").beginArray();
      for (Gate.Failure failure : judgement.failures()) {
        json.beginObject();
        json.name("gate").value(name(failure.gate()));
        json.name("why").value(failure.why());
        json.endObject();
      }
      json.endArray();
      figures(json, judgement.figures());
      json.name("check").beginObject();
      json.name("milliseconds").value(judgement.stats().elapsed().toMillis());
      json.name("parts").value(judgement.stats().partitions());
      json.name("steps").value(judgement.stats().steps());
      json.endObject();
      plan(json, plan);
    })
        + "\n";
  }

  private static void figures(JsonWriter json, Figures figures) throws IOException {
    json.name("operations").value(figures.operations());
    json.name("answered").value(figures.answered());
    json.name("acknowledged_writes").value(figures.acknowledgedWrites());
    json.name("refused").value(figures.refused());
    json.name("unknown").value(figures.indefinite());
    json.name("seconds").value(figures.lasted().toMillis() / 1e3);
    json.name("kinds").beginArray();
    for (Figures.Kind kind : figures.kinds()) {
      json.beginObject();
      json.name("kind").value(kind.name());
      json.name("answered").value(kind.answered());
      json.name("refused").value(kind.refused());
      json.name("unknown").value(kind.indefinite());
      json.name("p50_us").value(kind.p50().toNanos() / 1_000);
      json.name("p99_us").value(kind.p99().toNanos() / 1_000);
      json.name("max_us").value(kind.max().toNanos() / 1_000);
      json.endObject();
    }
    json.endArray();
    json.name("answered_by_replica").beginObject();
    for (var replica : figures.answeredByReplica().entrySet()) {
      json.name(replica.getKey()).value(replica.getValue());
    }
    json.endObject();
    json.name("faults").beginArray();
    for (Figures.Faults faults : figures.faults()) {
      json.beginObject();
      json.name("kind").value(faults.kind());
      json.name("injected").value(faults.injected());
      json.name("operations_in_trouble").value(faults.troubled());
      json.name("felt").value(faults.showed());
      json.endObject();
    }
    json.endArray();
  }

  private static void plan(JsonWriter json, Plan plan) throws IOException {
    json.name("plan").beginObject();
    json.name("clients").value(plan.clients());
    json.name("keys").value(plan.keys());
    json.name("operations_per_second_max").value(plan.operationsPerSecondMax());
    json.name("request_timeout_ms").value(plan.requestTimeout().toMillis());
    json.name("prefix").value(plan.prefix());
    json.name("seed").value(plan.seed());
    json.endObject();
  }

  private static String word(Judgement.Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  private static String name(Gate gate) {
    return gate.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e6);
  }
}
