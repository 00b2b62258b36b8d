package io.tidemark.porcupine.visual;

import io.tidemark.porcupine.Counterexample;
import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Report;
import io.tidemark.porcupine.Stats;
import io.tidemark.porcupine.Verdict;
import io.tidemark.porcupine.format.HistoryFile;
import io.tidemark.porcupine.format.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A [Report] as one self-contained web page: the minimal counterexample first, then everything in
/// lanes, with the states before and after each operation of the linearization found.
///
/// The page understands `#op=17`, `#q=text`, `#key=k3`, `#client=4`, `#info=0`, `#theme=dark` and,
/// if it has a history to download, `#history` in its address. Immutable; the `with` methods make
/// another.
///
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
public final class HtmlReport<S, I, O> {
  private static final int MAX_CONTEXT = 3;

  private final Report<S, I, O> report;
  private final String title;
  private final String unit;
  private final String reproduce;
  private final List<Fault> faults;
  private final Function<Operation<I, O>, OptionalLong> logPosition;
  private final @Nullable String download;

  private HtmlReport(
      Report<S, I, O> report,
      String title,
      String unit,
      String reproduce,
      List<Fault> faults,
      Function<Operation<I, O>, OptionalLong> logPosition,
      @Nullable String download) {
    this.report = report;
    this.title = title;
    this.unit = unit;
    this.reproduce = reproduce;
    this.faults = List.copyOf(faults);
    this.logPosition = logPosition;
    this.download = download;
  }

  /// The page of a report under this title. Times are in nanoseconds.
  public static <S, I, O> HtmlReport<S, I, O> of(Report<S, I, O> report, String title) {
    return new HtmlReport<>(report, title, "ns", "", List.of(), o -> OptionalLong.empty(), null);
  }

  /// The same with times in this unit, as it should be written behind a number.
  public HtmlReport<S, I, O> withUnit(String newUnit) {
    return new HtmlReport<>(report, title, newUnit, reproduce, faults, logPosition, download);
  }

  /// The same with the command that makes this history again.
  public HtmlReport<S, I, O> withCommand(String command) {
    return new HtmlReport<>(report, title, unit, command, faults, logPosition, download);
  }

  /// The same with a fault lane.
  public HtmlReport<S, I, O> withFaults(List<Fault> newFaults) {
    return new HtmlReport<>(report, title, unit, reproduce, newFaults, logPosition, download);
  }

  /// The same with a log lane: where in the system's log each operation is, if it is.
  public HtmlReport<S, I, O> withLog(Function<Operation<I, O>, OptionalLong> position) {
    return new HtmlReport<>(report, title, unit, reproduce, faults, position, download);
  }

  /// The same with this history and the faults of this page to download, in this format: the one
  /// that was recorded, where the report is about what was made of it.
  public <J, P> HtmlReport<S, I, O> withDownload(HistoryFile<J, P> format, History<J, P> recorded) {
    return new HtmlReport<>(
        report, title, unit, reproduce, faults, logPosition, packed(format, recorded, faults));
  }

  /// Writes the page to a file, replacing it.
  public void write(Path file) throws IOException {
    Files.writeString(file, page());
  }

  /// The page.
  public String page() {
    StringBuilder data = new StringBuilder();
    Json.write(data(), data);
    return fill(
        resource("viewer.html"),
        Map.of(
            "TITLE",
            title.replace("&", "&amp;").replace("<", "&lt;"),
            "STYLE",
            resource("viewer.css"),
            "SCRIPT",
            resource("viewer.js"),
            "DATA",
            data.toString()));
  }

  /// Replaces each `@NAME@` once, in one pass, so that nothing inserted is looked at again.
  private static String fill(String template, Map<String, String> values) {
    StringBuilder page = new StringBuilder();
    String[] pieces = template.split("@", -1);
    for (int i = 0; i < pieces.length; i++) {
      String value = i % 2 == 1 ? values.get(pieces[i]) : pieces[i];
      page.append(Objects.requireNonNull(value));
    }
    return page.toString();
  }

  private Map<String, @Nullable Object> data() {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    Replay<S, I, O> replay = new Replay<>(report);
    long origin = origin();
    List<String> parts = new ArrayList<>();
    int[] partOf = new int[report.history().size()];
    for (Report.Part part : report.partitions()) {
      for (int id : part.operations().toArray()) {
        partOf[id] = parts.size();
      }
      parts.add(part.name());
    }
    List<Object> operations = new ArrayList<>();
    for (Operation<I, O> operation : report.history().operations()) {
      operations.add(row(operation, partOf[operation.id()], replay, origin));
    }
    List<Object> faultRows = new ArrayList<>();
    for (Fault fault : faults) {
      faultRows.add(
          List.of(fault.from() - origin, fault.to() - origin, fault.kind(), fault.text()));
    }
    data.put("title", title);
    data.put("verdict", verdict());
    data.put("summary", report.summary());
    data.put("figures", figures());
    data.put("unit", unit);
    data.put("reproduce", reproduce);
    data.put("parts", parts);
    data.put("states", replay.states());
    data.put("faults", faultRows);
    data.put("counterexample", report.counterexample().map(this::toJson).orElse(null));
    data.put("ops", operations);
    data.put("download", download);
    return data;
  }

  /// The history as a file: gzip, in base 64.
  private static <J, P> String packed(
      HistoryFile<J, P> format, History<J, P> recorded, List<Fault> faults) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Writer writer =
        new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8)) {
      format.write(recorded, faults, writer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private long origin() {
    long origin = Long.MAX_VALUE;
    for (Operation<I, O> operation : report.history().operations()) {
      origin = Math.min(origin, operation.call());
    }
    for (Fault fault : faults) {
      origin = Math.min(origin, fault.from());
    }
    return origin == Long.MAX_VALUE ? 0 : origin;
  }

  /// One operation as the page's script reads it, by index.
  private List<@Nullable Object> row(
      Operation<I, O> operation, int part, Replay<S, I, O> replay, long origin) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(operation.client());
    row.add(part);
    row.add(operation.call() - origin);
    row.add(operation.ret() == Operation.NEVER ? null : operation.ret() - origin);
    row.add(
        switch (operation.outcome()) {
          case OK -> 0;
          case FAIL -> 1;
          case INFO -> 2;
        });
    row.add(report.model().describe(operation.input(), operation.output()));
    row.add(replay.place(operation.id()));
    row.add(replay.before(operation.id()));
    row.add(replay.after(operation.id()));
    OptionalLong position = logPosition.apply(operation);
    row.add(position.isPresent() ? position.getAsLong() : null);
    if (!operation.metadata().isEmpty()) {
      StringBuilder notes = new StringBuilder();
      new TreeMap<>(operation.metadata())
          .forEach((name, value) ->
              notes.append(notes.isEmpty() ? "" : ", ").append(name).append(' ').append(value));
      row.add(notes.toString());
    }
    return row;
  }

  private Map<String, Object> toJson(Counterexample counterexample) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("operations", counterexample.operations());
    json.put("context", context(counterexample));
    json.put("culprit", counterexample.culprit());
    json.put("pending", counterexample.pending().stream().sorted().toList());
    json.put("fromStart", counterexample.fromStart());
    json.put("states", counterexample.states().stream().map(Replay::shortened).toList());
    json.put("stateCount", counterexample.stateCount());
    return json;
  }

  /// The last changes that had returned when the culprit was called: where the state came from.
  private List<Integer> context(Counterexample counterexample) {
    Operation<I, O> culprit = report.history().get(counterexample.culprit());
    List<Integer> changes = new ArrayList<>();
    for (int id : counterexample.explained().toArray()) {
      Operation<I, O> operation = report.history().get(id);
      if (operation.precedes(culprit)
          && !counterexample.operations().contains(id)
          && !report.model().isPure(operation.input(), operation.output())) {
        changes.add(id);
      }
    }
    return changes.subList(Math.max(0, changes.size() - MAX_CONTEXT), changes.size());
  }

  private String verdict() {
    Verdict verdict = report.verdict();
    if (verdict instanceof Verdict.Ok) {
      return "OK";
    }
    if (verdict instanceof Verdict.Illegal) {
      return "ILLEGAL";
    }
    return verdict instanceof Verdict.LogDisagrees ? "LOG_DISAGREES" : "UNKNOWN";
  }

  private String figures() {
    Stats stats = report.stats();
    return String.format(
        Locale.ROOT,
        "%,d operations, %,d parts%s%s%s, %,d steps, %,d configurations, %,d ms",
        stats.operations(),
        stats.partitions(),
        count(stats.byWitness(), "by witness"),
        count(stats.byZones(), "by zones"),
        count(stats.bySearch(), "by search"),
        stats.steps(),
        stats.configurations(),
        stats.elapsed().toMillis());
  }

  private static String count(int count, String what) {
    return count == 0 ? "" : ", " + count + " " + what;
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
