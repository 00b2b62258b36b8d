package io.tidemark.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written here is read by DuckDB.
class PairsFileTest {
  private record Pair(Bytes key, Bytes value, long created, long modified, long version) {}

  @TempDir private Path folder;

  @Test
  void anotherReaderFindsTheSameRowsWhateverTheBytesAre() throws Exception {
    var random = new Random(5);
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < 5_000; i++) {
      byte[] value = new byte[random.nextInt(300)];
      random.nextBytes(value);
      pairs.add(
          new Pair(
              Bytes.utf8("%05d\u0000ü".formatted(i)),
              i % 3 == 0 ? Bytes.utf8("often") : Bytes.wrap(value),
              1L << (i % 63),
              Long.MAX_VALUE - i,
              1 + i % 4));
    }
    Path file = folder.resolve("pairs.parquet");
    write(file, pairs);

    assertThat(read(file)).isEqualTo(pairs);
    assertThat(folder).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**part");
  }

  @Test
  void theWholeSaysWhatItIs() throws Exception {
    Path file = folder.resolve("it's one.parquet");
    write(file, List.of());

    assertThat(
            strings(
                "select decode(key) || '=' || decode(value) from parquet_kv_metadata(%s)"
                    .formatted(quoted(file))))
        .contains("tidemark.revision=77");
    assertThat(strings("select count(*) from " + quoted(file))).containsExactly("0");
    assertThat(
            strings(
                "select column_name || ' ' || column_type from (describe select * from %s)"
                    .formatted(quoted(file))))
        .containsExactly(
            "key BLOB",
            "value BLOB",
            "create_revision BIGINT",
            "modify_revision BIGINT",
            "version BIGINT");
  }

  @Test
  void memoryStaysBoundedWhenLargeValuesFollowManySmallOnes() throws Exception {
    Path file = folder.resolve("large.parquet");
    var random = new Random(6);
    long gathered = 0;
    try (PairsFile out = PairsFile.create(file)) {
      for (int i = 0; i < 20_000; i++) {
        out.add(Bytes.utf8("a" + i), Bytes.utf8("small"), 1, 1, 1);
      }
      for (int i = 0; i < 24; i++) {
        byte[] value = new byte[8 << 20];
        random.nextBytes(value);
        out.add(Bytes.utf8("b" + i), Bytes.wrap(value), 1, 1, 1);
        long written = Files.size(folder.resolve("large.parquet.part"));
        gathered = Math.max(gathered, out.bytes() - written);
      }
      out.complete(Map.of());
    }

    assertThat(gathered).isBetween(32L << 20, 80L << 20);
    assertThat(strings("select count(*) || ' ' || sum(octet_length(value)) from " + quoted(file)))
        .containsExactly("20024 " + (20_000 * 5 + 24L * (8 << 20)));
    assertThat(
            strings(
                "select count(distinct row_group_id) from parquet_metadata(%s)"
                    .formatted(quoted(file))))
        .first()
        .satisfies(groups -> assertThat(Integer.parseInt(groups)).isBetween(3, 6));
  }

  @Test
  void whatIsNotCompleteLeavesNothingAndWhatWasThereStays() throws Exception {
    Path file = folder.resolve("pairs.parquet");
    write(file, List.of(new Pair(Bytes.utf8("a"), Bytes.utf8("1"), 1, 1, 1)));
    byte[] before = Files.readAllBytes(file);
    try (PairsFile out = PairsFile.create(file)) {
      out.add(Bytes.utf8("b"), Bytes.utf8("2"), 1, 1, 1);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(folder).isDirectoryNotContaining("glob:**part");

    Files.writeString(folder.resolve("pairs.parquet.part"), "left by a crash");
    write(file, List.of());
    assertThat(strings("select count(*) from " + quoted(file))).containsExactly("0");
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    assertThatThrownBy(() -> PairsFile.create(folder.resolve("missing/pairs.parquet")).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pairs.parquet.part");
  }

  private static void write(Path file, List<Pair> pairs) throws IOException {
    try (PairsFile out = PairsFile.create(file)) {
      for (Pair pair : pairs) {
        out.add(pair.key, pair.value, pair.created, pair.modified, pair.version);
      }
      out.complete(Map.of("tidemark.revision", "77"));
    }
  }

  private static List<Pair> read(Path file) throws SQLException {
    var pairs = new ArrayList<Pair>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery("select * from " + quoted(file))) {
      while (rows.next()) {
        pairs.add(
            new Pair(
                bytes(rows, "key"),
                bytes(rows, "value"),
                rows.getLong("create_revision"),
                rows.getLong("modify_revision"),
                rows.getLong("version")));
      }
    }
    return pairs;
  }

  private static Bytes bytes(ResultSet rows, String column) throws SQLException {
    var blob = rows.getBlob(column);
    return Bytes.wrap(blob.getBytes(1, (int) blob.length()));
  }

  private static List<String> strings(String query) throws SQLException {
    var answers = new ArrayList<String>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        answers.add(rows.getString(1));
      }
    }
    return answers;
  }

  private static String quoted(Path file) {
    return "'" + file.toString().replace("'", "''") + "'";
  }
}
