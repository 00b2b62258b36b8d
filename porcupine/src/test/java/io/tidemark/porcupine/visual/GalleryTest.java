package io.tidemark.porcupine.visual;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.RandomRegister;
import io.tidemark.porcupine.Report;
import io.tidemark.porcupine.model.CasRegister;
import io.tidemark.porcupine.model.VersionedKv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Pages and pictures to look at: `-Dporcupine.gallery=<folder>`.
@EnabledIfSystemProperty(named = "porcupine.gallery", matches = ".+")
class GalleryTest {
  private static final long MILLI = 1_000_000;

  @Test
  void pagesAndPicturesAreWritten() throws IOException {
    Path folder = Path.of(System.getProperty("porcupine.gallery"));
    Files.createDirectories(folder);
    Path violation = folder.resolve("violation.html");
    Report<?, ?, ?> report = staleReplica();
    HtmlReport.of(report, "3 replicas, 9 clients, 4 keys")
        .withLog(GalleryTest::revision)
        .withFaults(
            List.of(
                new Fault(60 * MILLI, 140 * MILLI, "pause", "replica 2 stopped"),
                new Fault(220 * MILLI, 226 * MILLI, "kill", "replica 1"),
                new Fault(300 * MILLI, 380 * MILLI, "partition", "replica 3 from the log")))
        .withCommand("mvn -pl linearizability-tests test -Dseed=7")
        .write(violation);
    assertThat(report.counterexample()).isPresent();
    Path large = folder.resolve("large.html");
    var made = RandomRegister.legal(7, 12, 100_000);
    HtmlReport.of(
            Linearizability.check(new CasRegister(), made.history(), Options.DEFAULT),
            "a hundred thousand operations")
        .withUnit("")
        .withLog(o -> made.witness().key(o))
        .write(large);
    Browser browser = Browser.find(folder).orElseThrow();
    browser.screenshot(violation, "#theme=light", folder.resolve("light.png"));
    browser.screenshot(violation, "#theme=dark&q=k2", folder.resolve("dark.png"));
    String culprit = "#theme=light&op=" + report.counterexample().orElseThrow().culprit();
    browser.screenshot(violation, culprit, folder.resolve("culprit.png"));
    browser.screenshot(large, "#theme=light", folder.resolve("large.png"));
    browser.screenshot(large, "#theme=dark&op=50000", folder.resolve("large-zoomed.png"));
  }

  private static OptionalLong revision(Operation<?, ?> operation) {
    return operation.output() instanceof VersionedKv.Written written
        ? OptionalLong.of(written.revision())
        : OptionalLong.empty();
  }

  /// Clients of a store one of whose replicas answers a read from its past.
  private static Report<?, ?, ?> staleReplica() {
    Random random = new Random(7);
    List<Operation<VersionedKv.Input, VersionedKv.Output>> operations = new ArrayList<>();
    Map<String, VersionedKv.Output> values = new HashMap<>();
    Map<String, VersionedKv.Output> past = new HashMap<>();
    int clients = 9;
    long[] free = new long[clients];
    int[] names = new int[clients];
    for (int slot = 0; slot < clients; slot++) {
      names[slot] = slot;
    }
    int nextName = clients;
    long revision = 0;
    for (long time = 0; time < 450 * MILLI; time += random.nextInt(700_000)) {
      int slot = random.nextInt(clients);
      if (free[slot] > time) {
        continue;
      }
      String key = "k" + (1 + random.nextInt(4));
      long call = time - random.nextInt(500_000);
      long ret = time + 100_000 + random.nextInt(4_000_000);
      call = Math.max(call, free[slot] == 0 ? 0 : free[slot] + 1);
      free[slot] = ret;
      Map<String, String> notes = Map.of("replica", String.valueOf(1 + slot % 3));
      VersionedKv.Output current = values.getOrDefault(key, new VersionedKv.Missing());
      if (random.nextInt(100) < 2) {
        operations.add(
            Operation.<VersionedKv.Input, VersionedKv.Output>info(
                    names[slot], new VersionedKv.Put(key, "lost" + revision), call)
                .withMetadata(notes));
        names[slot] = nextName++;
      } else if (random.nextInt(2) == 0) {
        boolean stale = time > 330 * MILLI && slot % 3 == 2 && past.containsKey(key);
        VersionedKv.Output seen = stale ? past.getOrDefault(key, current) : current;
        operations.add(
            Operation.<VersionedKv.Input, VersionedKv.Output>ok(
                    names[slot], new VersionedKv.Get(key), call, seen, ret)
                .withMetadata(notes));
      } else {
        revision += 1 + random.nextInt(2);
        String value = "v" + revision;
        long version = current instanceof VersionedKv.Found found ? found.version() + 1 : 1;
        if (time < 310 * MILLI) {
          past.put(key, new VersionedKv.Found(value, revision, version));
        }
        values.put(key, new VersionedKv.Found(value, revision, version));
        operations.add(
            Operation.<VersionedKv.Input, VersionedKv.Output>ok(
                    names[slot],
                    new VersionedKv.Put(key, value),
                    call,
                    new VersionedKv.Written(revision),
                    ret)
                .withMetadata(notes));
      }
    }
    return Linearizability.check(
        new VersionedKv().toModel(), History.of(operations), Options.DEFAULT);
  }
}
