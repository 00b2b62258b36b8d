package io.tidemark.porcupine.visual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.porcupine.Counterexample;
import io.tidemark.porcupine.Engine;
import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.RandomRegister;
import io.tidemark.porcupine.Report;
import io.tidemark.porcupine.format.HistoryFile;
import io.tidemark.porcupine.format.Json;
import io.tidemark.porcupine.model.CasRegister;
import io.tidemark.porcupine.model.Register;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"data\">\n(.*?)\n</script>");

  @TempDir Path folder;
  private Path page = Path.of("");

  @BeforeEach
  void name() {
    page = folder.resolve("report.html");
  }

  @Test
  void thePageNeedsNoNetwork() {
    String text = HtmlReport.of(staleRead(), "stale").page();
    assertThat(text).doesNotContainPattern("(src|href)\\s*=");
    assertThat(text).doesNotContain("http").doesNotContain("@import");
  }

  @Test
  void theDataIsTheReport() {
    Report<?, ?, ?> report = staleRead();
    Map<?, ?> data = data(HtmlReport.of(report, "a <b> & c").page());
    Counterexample counterexample = report.counterexample().orElseThrow();
    assertThat(data.get("title")).isEqualTo("a <b> & c");
    assertThat(data.get("verdict")).isEqualTo("ILLEGAL");
    assertThat(data.get("summary")).isEqualTo(report.summary());
    assertThat((List<?>) data.get("ops")).hasSize(report.history().size());
    assertThat(
            ((Map<?, ?>) Optional.ofNullable(data.get("counterexample")).orElseThrow())
                .get("culprit"))
        .isEqualTo((long) counterexample.culprit());
  }

  @Test
  void textThatLooksLikeMarkupStaysText() {
    History<Register.Input, Register.Output> history =
        History.of(
            List.of(
                Operation.ok(
                    0,
                    new Register.Write("k", "</script><script>alert(1)</script>@DATA@"),
                    1,
                    new Register.Written(),
                    2)));
    var report = Linearizability.check(new Register(), history, Options.DEFAULT);
    String text = HtmlReport.of(report, "</script>").page();
    assertThat(Pattern.compile("<script").matcher(text).results().count()).isEqualTo(2);
    assertThat(((List<?>) Optional.ofNullable(data(text).get("ops")).orElseThrow()).toString())
        .contains("</script><script>alert(1)</script>@DATA@");
  }

  @Test
  void aBrowserShowsTheCounterexampleFirst() throws IOException {
    Browser browser = browser();
    Report<?, ?, ?> report = staleRead();
    write(report);
    String shown = browser.dump(page, "");
    assertThat(shown).contains("data-ready=\"true\"");
    assertThat(shown).contains("class=\"bad\">not linearizable<");
    assertThat(shown).contains(escaped(report.summary()));
    assertThat(shown).contains("<section id=\"why\">").contains("<li class=\"culprit\">read k");
    int operations = report.counterexample().orElseThrow().operations().size();
    assertThat(Pattern.compile("<li class=\"(suspect|culprit)").matcher(shown).results().count())
        .isEqualTo(operations);
  }

  @Test
  void aBrowserFiltersByTextKeyClientAndOutcomeAndOpensAnOperation() throws IOException {
    Browser browser = browser();
    write(manyKeys());
    assertThat(browser.dump(page, "#key=k2&client=1&info=0")).contains(">4 of 60 operations<");
    assertThat(browser.dump(page, "#q=replica%20two")).contains(">1 of 60 operations<");
    String detail = browser.dump(page, "#op=30");
    assertThat(detail)
        .contains("<b>write k1 = 30</b>")
        .contains("<dt>before</dt><dd>27</dd>")
        .contains("<dt>after</dt><dd>30</dd>")
        .contains("<dt>log position</dt><dd>30</dd>");
  }

  @Test
  void theHistoryCanBeDownloaded() throws IOException {
    var format = new HistoryFile<>(Register.Input.class, Register.Output.class);
    var faults = List.of(new Fault(5, 50, "kill", "replica 2"));
    Report<?, Register.Input, Register.Output> report = manyKeys();
    String text =
        HtmlReport.of(report, "t").withFaults(faults).withDownload(format, report.history()).page();
    String packed = String.valueOf(data(text).get("download"));
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed))),
                StandardCharsets.UTF_8))) {
      var contents = format.readAll(lines);
      assertThat(contents.history().operations()).isEqualTo(report.history().operations());
      assertThat(contents.faults()).isEqualTo(faults);
    }
    Browser browser = browser();
    Files.writeString(page, text);
    assertThat(browser.dump(page, "#history"))
        .doesNotContain("<button id=\"download\" hidden")
        .contains("{\"fault\":\"kill\",\"from\":5,\"to\":50,\"text\":\"replica 2\"}");
    HtmlReport.of(report, "t").write(page);
    assertThat(browser.dump(page, "")).contains("<button id=\"download\" hidden");
  }

  @Test
  void aBrowserDrawsAHundredThousandOperations() throws IOException {
    Browser browser = browser();
    RandomRegister.Made made = RandomRegister.legal(7, 12, 100_000);
    Report<?, ?, ?> report =
        Linearizability.check(new CasRegister(), made.history(), Options.DEFAULT);
    write(report);
    String shown = browser.dump(page, "#op=99000");
    assertThat(shown).contains(">100000 of 100000 operations<").contains("data-ready=\"true\"");
    Matcher drawn = Pattern.compile("data-drawn=\"(\\d+)\"").matcher(shown);
    assertThat(drawn.find()).isTrue();
    // Only what is in sight and large enough to see is drawn.
    assertThat(Integer.parseInt(drawn.group(1))).isBetween(1, 20_000);
  }

  private Browser browser() {
    Optional<Browser> browser = Browser.find(folder);
    assumeTrue(browser.isPresent(), "no Chromium or Chrome on the path, none in porcupine.browser");
    return browser.orElseThrow();
  }

  private <S, I, O> void write(Report<S, I, O> report) throws IOException {
    HtmlReport.of(report, "test")
        .withLog(o -> OptionalLong.of(o.id()))
        .withFaults(List.of(new Fault(5, 50, "kill", "replica 2")))
        .write(page);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static Map<?, ?> data(String page) {
    Matcher matcher = DATA.matcher(page);
    assertThat(matcher.find()).isTrue();
    Object data = Json.read(matcher.group(1));
    return (Map<?, ?>) Optional.ofNullable(data).orElseThrow();
  }

  /// Two writes and a read of the first of them, amid others.
  static Report<?, ?, ?> staleRead() {
    Random random = new Random(1);
    List<Operation<Register.Input, Register.Output>> operations = new ArrayList<>();
    long time = 0;
    String current = "";
    String previous = "";
    for (int i = 0; i < 200; i++) {
      long call = time + random.nextInt(2_000_000);
      long ret = call + 500_000 + random.nextInt(6_000_000);
      if (i == 120) {
        operations.add(
            Operation.ok(4, new Register.Read("k"), call, new Register.Value(previous), ret));
      } else if (i % 3 == 0) {
        previous = current;
        current = "v" + i;
        operations.add(
            Operation.ok(
                i % 4, new Register.Write("k", current), call, new Register.Written(), ret));
      } else if (i % 31 == 0) {
        operations.add(Operation.info(100 + i, new Register.Write("k", "lost" + i), call));
      } else {
        operations.add(
            Operation.ok(i % 4, new Register.Read("k"), call, new Register.Value(current), ret));
      }
      time = i % 3 == 2 || i == 120 ? ret + 1 : Math.max(time, ret + 1);
    }
    return Linearizability.check(
        new Register(), History.of(operations), Options.DEFAULT.withEngine(Engine.AUTO));
  }

  private static Report<?, Register.Input, Register.Output> manyKeys() {
    List<Operation<Register.Input, Register.Output>> operations = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Register.Input write = new Register.Write("k" + (i % 3 + 1), String.valueOf(i));
      Operation<Register.Input, Register.Output> operation =
          i == 59
              ? Operation.info(77, write, 10L * i)
              : Operation.ok(i % 5, write, 10L * i, new Register.Written(), 10L * i + 9);
      operations.add(i == 44 ? operation.withMetadata(Map.of("replica", "two")) : operation);
    }
    return Linearizability.check(new Register(), History.of(operations), Options.DEFAULT);
  }
}
