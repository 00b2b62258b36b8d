package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.client.TidemarkClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class VerifyTest {
  private final Shell shell = new Shell(3);
  @TempDir private Path folder = Path.of("");

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void anHonestClusterIsLinearizableAndItsHistoryCanBeCheckedAgain() throws Exception {
    var ran = verify("--family", "both");

    assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out())
        .contains("single-key: Linearizable: ")
        .contains("multi-key: Linearizable: ")
        .contains("compare-and-put  ")
        .contains("transaction  ");
    assertThat(ran.err()).contains("tidemark: single-key: checking ");
    assertThat(shell.cluster().state()).isEmpty();
    for (String family : List.of("single-key", "multi-key")) {
      Path results = folder.resolve(family);
      assertThat(Files.readString(results.resolve("verdict.json")))
          .contains("\"verdict\":\"linearizable\"");
      assertThat(Files.readString(results.resolve("report.html"))).contains("replica 127.0.0.1");
      var again =
          Shell.runAsGiven(
              new byte[0], "verify", "--check", results.resolve("history.jsonl").toString());
      assertThat(again.code()).as(again.out() + again.err()).isZero();
      assertThat(again.out()).startsWith(family + ": Linearizable: ");
    }
  }

  @Test
  void aReplicaThatAnswersFromAnOldStateEndsWithOneAndACounterexample() throws Exception {
    shell.cluster().node(2).lieAboutReads();

    var ran = verify("--family", "single-key");

    assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(ExitCode.FAILURE);
    assertThat(ran.out()).contains("single-key: Not linearizable: get k");
    var again =
        Shell.runAsGiven(
            new byte[0],
            "verify",
            "--check",
            folder.resolve("single-key").resolve("history.jsonl").toString());
    assertThat(again.code()).isEqualTo(ExitCode.FAILURE);
  }

  @Test
  void anAcknowledgedWriteThatWasLostEndsWithOne() {
    shell.cluster().node(0).loseAPutAfter(5);

    var ran = verify("--family", "single-key");

    assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(ExitCode.FAILURE);
    assertThat(ran.out()).contains("single-key: Not linearizable: ");
  }

  @Test
  void aFaultThatNeverComesProvesNothing() {
    var ran = verify("--family", "single-key", "--fault", "true", "--every", "1m");

    assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(ExitCode.PROVES_NOTHING);
    assertThat(ran.out())
        .contains("single-key: The run proves nothing: ")
        .contains("fell short: faults showed: no fault was injected");
  }

  @Test
  void keysThatAreThereAlreadyAreNotTouched() {
    try (var client = TidemarkClient.builder().endpoints(shell.cluster().endpoints()).build()) {
      client.put(Bytes.utf8("mine/single-key/k3"), Bytes.utf8("precious"));

      var ran = verify("--family", "single-key", "--prefix", "mine/");

      assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(ExitCode.PROVES_NOTHING);
      assertThat(ran.err()).contains("there are keys that begin with mine/single-key/");
      assertThat(shell.cluster().writesOf("mine/single-key/k3")).isEqualTo(1);
      assertThat(shell.cluster().state()).hasSize(1);
    }
  }

  @Test
  void withoutAServerNothingIsDone() {
    shell.cluster().node(1).stop();

    var ran = verify("--family", "single-key");

    assertThat(ran.code()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(ran.err()).contains(shell.cluster().node(1).endpoint());
    shell.cluster().node(1).start();
  }

  @Test
  void whatIsNoHistoryProvesNothingAndSaysSo() throws Exception {
    Path file = Files.writeString(folder.resolve("no.jsonl"), "{\"format\":\"something\"}\n");

    var ran = Shell.runAsGiven(new byte[0], "verify", "--check", file.toString());
    assertThat(ran.code()).isEqualTo(ExitCode.PROVES_NOTHING);
    assertThat(ran.err()).contains("line 1");
    var missing = Shell.runAsGiven(new byte[0], "verify", "--check", "nowhere.jsonl");
    assertThat(missing.code()).isEqualTo(ExitCode.PROVES_NOTHING);
    assertThat(missing.err()).contains("no such file: nowhere.jsonl");
  }

  @Test
  void nonsenseIsRefused() {
    assertThat(verify("--clients", "1").err()).contains("one client alone proves nothing");
    assertThat(verify("--keys", "0").code()).isEqualTo(ExitCode.USAGE);
    assertThat(verify("--rate", "0").code()).isEqualTo(ExitCode.USAGE);
    assertThat(verify("--heal", "true").err()).contains("--heal needs a --fault");
    assertThat(verify("--family", "other").code()).isEqualTo(ExitCode.USAGE);
    assertThat(shell.cluster().state()).isEmpty();
  }

  /// Four seconds of load with four clients for each replica, who wait however slow the machine is.
  private Shell.Ran verify(String... more) {
    var all = new ArrayList<>(List.of("verify", "--duration", "4s"));
    all.addAll(List.of("--request-timeout", "3s"));
    if (!List.of(more).contains("--clients")) {
      all.addAll(List.of("--clients", "12"));
    }
    all.addAll(List.of("--seed", Long.toString(Clock.SYSTEM.nanoTime())));
    all.addAll(List.of("--out", folder.toString()));
    all.addAll(List.of(more));
    return shell.run(all.toArray(String[]::new));
  }
}
