package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `tidemark verify` as a user runs it, against servers that are processes of their own.
@Timeout(300)
class VerifyVerbTest {
  private static final int PROVES_NOTHING = 7;

  @TempDir Path directory;

  @Test
  void aClusterWhoseReplicaIsFrozenNowAndThenIsLinearizable() throws Exception {
    try (var cluster = Cluster.start(directory, 2)) {
      long victim = cluster.replica(1).program().pid();
      try (var verify =
          verify(
              cluster,
              "--family",
              "both",
              "--duration",
              "10s",
              "--request-timeout",
              "500ms",
              "--fault",
              "kill -STOP " + victim,
              "--heal",
              "kill -CONT " + victim,
              "--every",
              "3s")) {
        assertThat(verify.awaitExit()).as(verify::output).isZero();
        System.out.println(verify.output());
        assertThat(verify.output())
            .contains("single-key: Linearizable: ")
            .contains("multi-key: Linearizable: ")
            .containsPattern("fault: [1-9]\\d* times, \\d+ operations in trouble, felt");
      }
    }
    assertThat(Files.readString(results("single-key").resolve("history.jsonl")))
        .contains("\"fault\":\"fault\"");
    try (var again =
        Program.start(
            "again",
            directory,
            List.of("verify", "--check", results("multi-key").resolve("history.jsonl") + ""))) {
      assertThat(again.awaitExit()).as(again::output).isZero();
    }
  }

  @Test
  void aRunThatIsInterruptedIsCheckedAsFarAsItWent() {
    try (var cluster = Cluster.start(directory, 1);
        var verify = verify(cluster, "--family", "single-key", "--duration", "10m")) {
      verify.awaitLine("single-key: [2-9] s, ");

      int code = verify.terminate();

      assertThat(verify.output())
          .contains("single-key: ")
          .contains("Interrupted: this is about what was recorded until then.");
      assertThat(code).as(verify::output).isIn(0, PROVES_NOTHING);
    }
    assertThat(results("single-key").resolve("verdict.json")).exists();
  }

  private Program verify(Cluster cluster, String... more) {
    var arguments = new ArrayList<>(List.of("verify", "--out", "results"));
    arguments.addAll(List.of("--endpoint", String.join(",", cluster.endpoints())));
    arguments.addAll(List.of(more));
    return Program.start("verify", directory, arguments);
  }

  private Path results(String family) {
    return directory.resolve("results").resolve(family);
  }
}
