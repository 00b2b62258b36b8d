package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.v1.LogCost;
import io.tidemark.api.v1.LogRequests;
import io.tidemark.api.v1.Spending;
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

  @Test
  void whatALogCostsIsToldInAFewLinesWhereItCosts() {
    try (var shell = new Shell(2)) {
      assertThat(shell.run("status").out()).doesNotContain("$");
      shell.cluster().node(1).costs(cost());

      var lines = shell.run("status").out().lines().toList();

      assertThat(lines.subList(3, lines.size()))
          .containsExactly(
              "",
              shell.cluster().node(1).endpoint()
                  + " has spent $0.0123 on requests to its log in 2 h 5 min; $0.0000158 in the last"
                  + " 1 min 1 s, of $0.05 an hour",
              "  put 1200 (10 missed, 2 failed), get 31 (30 missed), delete 1; 3.0 MiB sent,"
                  + " 0.5 MiB received",
              "  writes        $3 a million (2000 so far); lately $2.5",
              "  strong reads  $0.133 a million (90000 so far); lately -");
      assertThat(shell.run("status -o json").out().lines().toList().get(1))
          .contains(
              "\"cost\":{\"budget_dollars_per_hour\":0.05,\"since_start\":{\"seconds\":7500.4,")
          .contains("\"strong_reads\":90000,\"read_dollars\":0.012}")
          .contains("{\"kind\":\"put\",\"purpose\":\"append\",\"requests\":1000,\"missed\":10,");
    }
  }

  private static LogCost cost() {
    return LogCost.newBuilder()
        .addRequests(requests("put", "append", 1_000).setMissed(10).setBytesSent(3 << 20))
        .addRequests(requests("get", "tail", 31).setMissed(30).setBytesReceived(1 << 19))
        .addRequests(requests("put", "upkeep", 200).setFailed(2))
        .addRequests(requests("delete", "upkeep", 1))
        .setSinceStart(
            Spending.newBuilder()
                .setSeconds(7_500.4)
                .setDollars(0.01234)
                .setWrites(2_000)
                .setWriteDollars(0.006)
                .setStrongReads(90_000)
                .setReadDollars(0.012))
        .setLately(
            Spending.newBuilder()
                .setSeconds(61)
                .setDollars(0.0000158)
                .setWrites(4)
                .setWriteDollars(0.00001))
        .setBudgetDollarsPerHour(0.05)
        .build();
  }

  private static LogRequests.Builder requests(String kind, String purpose, long requests) {
    return LogRequests.newBuilder().setKind(kind).setPurpose(purpose).setRequests(requests);
  }
}
