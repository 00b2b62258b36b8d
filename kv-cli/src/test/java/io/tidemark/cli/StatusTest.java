package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatusTest {
  @Test
  void everyEndpointIsAskedAndTheOnesInTroubleAreNamed() {
    try (var shell = new Shell(4)) {
      shell.run("put a 1");
      shell.cluster().node(1).freeze();
      shell.run("put b 2");
      var well = shell.run("status");
      assertThat(well.code()).isZero();
      assertThat(well.out().lines()).hasSize(5);

      shell.cluster().node(2).logAway(true);
      shell.cluster().node(3).stop();
      var trouble = shell.run("status --timeout 1s");
      assertThat(trouble.code()).isEqualTo(ExitCode.UNAVAILABLE);
      var rows = trouble.out().lines().map(row -> row.replaceAll("127.0.0.1:\\d+ +", "")).toList();
      assertThat(rows.get(0).split(" +"))
          .containsExactly(
              "ENDPOINT", "STATE", "VERSION", "REVISION", "TAIL", "LAG", "LOG", "ADDRESS");
      assertThat(rows.subList(1, 5).stream().map(row -> row.replaceAll(" +", " ")))
          .containsExactly(
              "ok 1.2.3 12 13 0 0-0 memory:",
              "ok 1.2.3 6 13 6 0-0 memory:",
              "log unavailable 1.2.3 12 - - 0-0 memory:",
              "unreachable - - - - - -");
      assertThat(trouble.err())
          .contains("the log cannot be reached")
          .contains(shell.cluster().node(3).endpoint());
      assertThat(shell.run("status -o json").out())
          .contains("\"state\":\"log unavailable\"")
          .contains("\"lag\":6")
          .contains("\"session_window\":1024");
    }
  }
}
