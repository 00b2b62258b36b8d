package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real input: the catalogue of Debian's packages, one record per package.
class CatalogueTest {
  @TempDir Path directory;

  @Test
  void theCatalogueImportedThroughOneReplicaIsExportedEqualFromAnother() throws Exception {
    SortedMap<String, String> packages = packages();
    Path input = directory.resolve("catalogue.jsonl");
    Files.write(input, packages.entrySet().stream().map(CatalogueTest::line).toList());

    try (var cluster = Cluster.start(directory, 3)) {
      String imported = run(cluster, 0, "import", input.toString(), "--progress", "lines");
      System.out.println(packages.size() + " packages; " + imported.lines().toList().getLast());
      run(cluster, 2, "export", "exported.jsonl", "--progress", "none");
    }

    assertThat(Files.mismatch(input, directory.resolve("exported.jsonl"))).isEqualTo(-1);
  }

  @Test
  void theCatalogueImportedThroughThreeWritersOfABucketAtOnceIsExportedEqualFromEach()
      throws Exception {
    List<String> lines = packages().entrySet().stream().map(CatalogueTest::line).toList();
    Path whole = directory.resolve("catalogue.jsonl");
    Files.write(whole, lines);

    try (var cluster = Cluster.in(directory).inBucket().start();
        var importers = Executors.newVirtualThreadPerTaskExecutor()) {
      var imports = new ArrayList<Future<String>>();
      for (int i = 0; i < 3; i++) {
        int share = i;
        Path input = directory.resolve("share-" + share + ".jsonl");
        Files.write(
            input,
            IntStream.range(0, lines.size())
                .filter(line -> line % 3 == share)
                .mapToObj(lines::get)
                .toList());
        imports.add(
            importers.submit(
                () -> run(cluster, share, "import", input.toString(), "--progress", "lines")));
      }
      for (Future<String> each : imports) {
        System.out.println(each.get().lines().toList().getLast());
      }
      for (int i = 0; i < 3; i++) {
        run(cluster, i, "export", "exported-" + i + ".jsonl", "--progress", "none");
        assertThat(Files.mismatch(whole, directory.resolve("exported-" + i + ".jsonl")))
            .as("replica " + i)
            .isEqualTo(-1);
      }
    }
  }

  private String run(Cluster cluster, int replica, String verb, String... arguments) {
    var all = new ArrayList<String>(List.of(verb));
    all.addAll(List.of(arguments));
    // Seven processes begin at once here: the first requests meet servers that load classes.
    all.addAll(List.of("--endpoint", cluster.replica(replica).endpoint(), "--timeout", "30s"));
    try (var program = Program.start(verb, directory, all)) {
      assertThat(program.awaitExit()).as(program::output).isZero();
      return program.output();
    }
  }

  private static String line(Map.Entry<String, String> entry) {
    var object = new JsonObject();
    object.addProperty("key", entry.getKey());
    object.addProperty("value", entry.getValue());
    return object.toString();
  }

  /// The paragraphs of the catalogue by the names of their packages, in the order of the keys.
  private static SortedMap<String, String> packages() throws InterruptedException {
    var packages = new TreeMap<String, String>();
    try {
      Process apt =
          new ProcessBuilder("apt-cache", "dumpavail")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader lines = apt.inputReader(StandardCharsets.UTF_8)) {
        var paragraph = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (!line.isEmpty()) {
            paragraph.append(line).append('\n');
          } else if (!paragraph.isEmpty()) {
            String text = paragraph.toString();
            packages.put(
                text.lines().findFirst().orElseThrow().substring("Package: ".length()), text);
            paragraph.setLength(0);
          }
        }
      }
      apt.waitFor();
    } catch (IOException e) {
      assumeTrue(false, "there is no apt-cache on this machine");
    }
    assumeTrue(packages.size() > 1_000, "apt-cache knows no package catalogue on this machine");
    return packages;
  }
}
