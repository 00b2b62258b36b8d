package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.client.TidemarkClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportExportTest {
  private final Shell shell = new Shell(1);
  @TempDir private Path folder = Path.of("");

  @AfterEach
  void close() {
    shell.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pairs.jsonl", "pairs.tsv"})
  void whatIsExportedIsImportedAgainWhateverTheBytesAre(String name) throws Exception {
    var random = new Random(11);
    var pairs = new TreeMap<Bytes, Bytes>();
    for (int i = 0; i < 300; i++) {
      pairs.put(bytes(random, 1 + random.nextInt(12)), bytes(random, random.nextInt(40)));
    }
    pairs.put(
        Bytes.utf8("tab\tnewline\nreturn\rback\\slash\"quote"), Bytes.utf8("\u0000\u0007ü€𝄞"));
    try (var client = TidemarkClient.builder().endpoints(shell.cluster().endpoints()).build()) {
      pairs.forEach(client::put);
    }
    Path file = folder.resolve(name);
    var exported = shell.run("export", file.toString());
    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(exported.err()).contains("exported " + pairs.size() + " records as of revision");

    try (var other = new Shell(1)) {
      var imported = other.run("import", file.toString());
      assertThat(imported.code()).as(imported.err()).isZero();
      assertThat(imported.err()).contains("imported " + pairs.size() + " records in ");
      assertThat(values(other)).isEqualTo(pairs);
      Path again = folder.resolve("again-" + name);
      other.run("export", again.toString());
      assertThat(Files.readString(again)).isEqualTo(Files.readString(file));
    }
    assertThat(Checkpoint.pathOf(file)).doesNotExist();
  }

  @Test
  void linesInAnyOrderAreImportedAndTheLastOfAKeyWins() throws Exception {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 2_000; i++) {
      lines.add("{\"key\":\"k" + i % 50 + "\",\"value\":\"" + i + "\"}");
    }
    Path file = Files.write(folder.resolve("many.jsonl"), lines);
    assertThat(shell.run("import", file.toString(), "--in-flight", "64").code()).isZero();
    for (int i = 0; i < 50; i++) {
      assertThat(values(shell)).containsEntry(Bytes.utf8("k" + i), Bytes.utf8("" + (1_950 + i)));
    }
    Collections.shuffle(lines, new Random(3));
    var in =
        String.join("\n", lines.subList(0, 10)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(shell.runWith(in, "import", "-").err()).contains("imported 10 records");
  }

  @Test
  void aLineThatIsWrongIsNamedAndTheImportStopsThere() throws Exception {
    Path file = broken();
    var ran = shell.run("import", file.toString());
    assertThat(ran.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(ran.err())
        .contains(file + ":3: not a JSON object")
        .contains("everything before line 3 is acknowledged");
    assertThat(values(shell)).containsOnlyKeys(Bytes.utf8("a"), Bytes.utf8("b"));

    Files.writeString(file, Files.readString(file).replace("nonsense", line("c")));
    var resumed = shell.run("import", file.toString(), "--resume", "--on-error", "skip");
    assertThat(resumed.err()).contains("resuming after line 2").contains(file + ":5: ");
    assertThat(resumed.code()).isZero();
    assertThat(values(shell)).containsOnlyKeys(keys("a", "b", "c", "z"));
  }

  @Test
  void wrongLinesCanBeLeftOut() throws Exception {
    Path file = broken();
    var ran = shell.run("import", file.toString(), "--on-error", "skip");
    assertThat(ran.code()).isZero();
    assertThat(
            ran.err()
                .replace(file.toString(), "FILE")
                .lines()
                .filter(line -> line.contains("FILE:")))
        .containsExactly(
            "tidemark: FILE:3: not a JSON object",
            "tidemark: FILE:5: \"value\" is missing",
            "tidemark: FILE:6: \"key\" is not text",
            "tidemark: FILE:7: \"key_b64\" is not base64",
            "tidemark: FILE:8: an unknown member \"valeu\"",
            "tidemark: FILE:9: not a JSON object",
            "tidemark: FILE:10: the text holds half a surrogate pair",
            "tidemark: FILE:11: Put: " + shell.cluster().endpoints().get(0) + ": the key is empty");
    assertThat(ran.err()).contains("imported 3 records, 8 lines left out");
    assertThat(values(shell)).containsOnlyKeys(keys("a", "b", "z"));
  }

  @Test
  void wrongLinesOfTsvAreNamed() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("broken.tsv"), "a\t1\nno tab\na\tb\tc\nx\t\\q\nx\t\\x1\nend\t\\x00\\\\");
    var ran = shell.run("import", file.toString(), "--on-error", "skip");
    assertThat(
            ran.err()
                .replace(file.toString(), "FILE")
                .lines()
                .filter(line -> line.contains("FILE:")))
        .containsExactly(
            "tidemark: FILE:2: not a key, one tab and a value",
            "tidemark: FILE:3: not a key, one tab and a value",
            "tidemark: FILE:4: a backslash before none of t n r x \\",
            "tidemark: FILE:5: \\x without two hexadecimal digits");
    assertThat(values(shell))
        .containsEntry(Bytes.utf8("end"), Bytes.wrap(new byte[] {0, '\\'}))
        .hasSize(2);
  }

  @Test
  void anImportThatLostItsServerGoesOnWhereItWas() throws Exception {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 500; i++) {
      lines.add(line("k" + i));
    }
    Path file = Files.write(folder.resolve("lost.jsonl"), lines);
    shell.cluster().node(0).refuseAfter(200);
    var ran = shell.run("import", file.toString(), "--timeout", "3s", "--in-flight", "8");
    assertThat(ran.code()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(ran.err()).contains("--resume goes on there");
    Checkpoint saved = Checkpoint.load(file).orElseThrow();
    assertThat(saved.lines()).isBetween(190L, 200L);

    shell.cluster().node(0).refuseAfter(Integer.MAX_VALUE);
    var resumed = shell.run("import", file.toString(), "--resume");
    assertThat(resumed.code()).isZero();
    assertThat(resumed.err())
        .contains("resuming after line " + saved.lines())
        .contains("imported " + (500 - saved.lines()) + " records");
    assertThat(values(shell)).hasSize(500);
    assertThat(Checkpoint.pathOf(file)).doesNotExist();
  }

  @Test
  void anotherFileIsNotResumed() throws Exception {
    Path file = Files.writeString(folder.resolve("f.jsonl"), line("a") + "\nwrong\n");
    shell.run("import", file.toString());
    assertThat(Checkpoint.pathOf(file)).exists();
    Files.writeString(file, line("another") + "\n" + line("b") + "\n");
    var ran = shell.run("import", file.toString(), "--resume");
    assertThat(ran.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(ran.err()).contains("is not the file that was imported up to line 1");
    Files.writeString(Checkpoint.pathOf(file), "garbage");
    assertThat(shell.run("import", file.toString(), "--resume").err())
        .contains("is not a checkpoint of an import");
    assertThat(shell.run("import", "-", "--resume").code()).isEqualTo(ExitCode.USAGE);
    assertThat(shell.run("import", folder.resolve("none").toString()).err())
        .contains("no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut.jsonl", "cut.tsv"})
  void anExportThatWasCutOffGoesOnAfterItsLastCompleteLine(String name) throws Exception {
    for (int i = 0; i < 30; i++) {
      shell.run("put", "k%02d".formatted(i), "value " + i);
    }
    Path whole = folder.resolve("whole-" + name);
    shell.run("export", whole.toString());
    Path file = folder.resolve(name);
    shell.cluster().node(0).scanPages(7, 2);
    var cut = shell.run("export", file.toString());
    assertThat(cut.code()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(cut.err()).contains("exported 14 records, not all").contains("--resume");
    Files.writeString(file, "{\"key\":\"k14\\tcut in the mid", StandardOpenOption.APPEND);

    shell.cluster().node(0).scanPages(7, Integer.MAX_VALUE);
    assertThat(shell.run("export", file.toString()).err())
        .contains("--resume goes on with it, --overwrite replaces it");
    var resumed = shell.run("export", file.toString(), "--resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.err())
        .contains("resuming after the key k13")
        .contains("exported 16 records");
    assertThat(Files.readString(file)).isEqualTo(Files.readString(whole));
    var done = shell.run("export", file.toString(), "--resume");
    assertThat(done.err()).contains("exported 0 records");
    shell.run("export", file.toString(), "--overwrite", "--prefix", "k1");
    assertThat(Files.readAllLines(file)).hasSize(10);
    assertThat(shell.run("export", file.toString(), "--resume", "--prefix", "x").err())
        .contains("not in the range");
  }

  @Test
  void duckDbReadsWhatIsExportedAsParquet() throws Exception {
    for (int i = 0; i < 40; i++) {
      shell.run("put", "k%02d".formatted(i), "value " + i);
    }
    shell.run("put", "k07", "written again");
    Path file = folder.resolve("pairs.parquet");
    var exported = shell.run("export", file.toString(), "--prefix", "k0");
    assertThat(exported.code()).as(exported.err()).isZero();
    String revision = exported.err().replaceAll("(?s).*as of revision (\\d+).*", "$1");
    assertThat(exported.err()).contains("exported 10 records as of revision " + revision);

    assertThat(
            query(
                "select decode(key) || ' ' || decode(value) || ' ' || version || ' '"
                    + " || (create_revision < modify_revision) from '%s' order by key"
                        .formatted(file)))
        .hasSize(10)
        .contains("k06 value 6 1 false", "k07 written again 2 true");
    assertThat(
            query(
                "select decode(value) from parquet_kv_metadata('%s') where decode(key) ="
                        .formatted(file)
                    + " 'tidemark.revision'"))
        .containsExactly(revision);
    assertThat(query("select max(modify_revision) from '%s'".formatted(file)))
        .containsExactly(revision);
  }

  @Test
  void aParquetFileIsWholeOrNotThere() throws Exception {
    for (int i = 0; i < 30; i++) {
      shell.run("put", "k%02d".formatted(i), "value " + i);
    }
    Path file = folder.resolve("pairs");
    shell.cluster().node(0).scanPages(7, 2);
    var cut = shell.run("export", file.toString(), "--format", "parquet");
    assertThat(cut.code()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(cut.err())
        .contains("exported 14 records, not all")
        .contains("(no file was written)");
    assertThat(folder).isEmptyDirectory();

    shell.cluster().node(0).scanPages(7, Integer.MAX_VALUE);
    assertThat(shell.run("export", file.toString(), "--format", "parquet").code()).isZero();
    assertThat(query("select count(*) from read_parquet('%s')".formatted(file)))
        .containsExactly("30");
    assertThat(shell.run("export", file.toString(), "--format", "parquet").err())
        .contains("pairs is there already; --overwrite replaces it");
    assertThat(
            shell
                .run("export", file.toString(), "--format", "parquet", "--overwrite", "--prefix=k1")
                .code())
        .isZero();
    assertThat(query("select count(*) from read_parquet('%s')".formatted(file)))
        .containsExactly("10");
    assertThat(shell.run("export", file.toString(), "--format", "parquet", "--resume").err())
        .contains("whole or not there");
    assertThat(shell.run("export", "-", "--format", "parquet").code()).isEqualTo(ExitCode.USAGE);
  }

  private static List<String> query(String query) throws SQLException {
    var answers = new ArrayList<String>();
    try (var duck = DriverManager.getConnection("jdbc:duckdb:");
        var statement = duck.createStatement();
        var rows = statement.executeQuery(query)) {
      while (rows.next()) {
        answers.add(rows.getString(1));
      }
    }
    return answers;
  }

  @Test
  void progressIsABarOrLines() throws Exception {
    Path file = Files.writeString(folder.resolve("p.jsonl"), line("a") + "\n" + line("b") + "\n");
    var bar = shell.run("import", file.toString(), "--progress", "bar");
    assertThat(bar.err()).contains("import").contains("100%").contains("2 records, ");
    var out = shell.run("export", "-", "--progress", "none");
    assertThat(out.out()).isEqualTo(line("a") + "\n" + line("b") + "\n");
  }

  private Path broken() throws Exception {
    return Files.writeString(
        folder.resolve("broken.jsonl"),
        String.join(
            "\n",
            line("a"),
            line("b"),
            "nonsense",
            "",
            "{\"key\":\"k\"}",
            "{\"key\":5,\"value\":\"v\"}",
            "{\"key_b64\":\"*\",\"value\":\"v\"}",
            "{\"key\":\"k\",\"valeu\":\"v\"}",
            line("k") + " x",
            "{\"key\":\"\\ud800\",\"value\":\"v\"}",
            "{\"key\":\"\",\"value\":\"v\"}",
            line("z")));
  }

  private static String line(String key) {
    return "{\"key\":\"" + key + "\",\"value\":\"of " + key + "\"}";
  }

  private static Bytes[] keys(String... names) {
    return java.util.Arrays.stream(names).map(Bytes::utf8).toArray(Bytes[]::new);
  }

  private static Map<Bytes, Bytes> values(Shell shell) {
    var values = new TreeMap<Bytes, Bytes>();
    shell
        .cluster()
        .state()
        .forEach((key, pair) -> values.put(key, Bytes.wrap(pair.getValue().toByteArray())));
    return values;
  }

  private static Bytes bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    if (random.nextBoolean()) {
      random.nextBytes(bytes);
    } else {
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) ('a' + random.nextInt(26));
      }
    }
    return Bytes.wrap(bytes);
  }
}
