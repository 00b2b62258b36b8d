package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BenchTest {
  private final Shell shell = new Shell(1);

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void aBenchEndsByItselfAndCountsWhatItDid() {
    var ran =
        shell.run("bench --clients 4 --ops 200 --warmup 50ms --key-count 5 --value-size 8 -o json");
    assertThat(ran.code()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("\"errors\":{}").contains("\"p99_us\":");
    assertThat(count(ran.out(), "read") + count(ran.out(), "write")).isEqualTo(200);
    assertThat(shell.cluster().state()).hasSizeBetween(1, 5);
  }

  @Test
  void errorsAreCountedByKind() {
    shell.cluster().node(0).logAway(true);
    var ran =
        shell.run("bench --clients 2 --duration 1500ms --warmup 1ms --timeout 1s --read-ratio 0.5");
    assertThat(ran.out()).contains("errors: UnavailableException ");
    assertThat(ran.code()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void nonsenseIsRefused() {
    assertThat(shell.run("bench --read-ratio 2").code()).isEqualTo(ExitCode.USAGE);
    assertThat(shell.run("bench --clients 0").err()).contains("--clients is 1 to 4000");
    assertThat(shell.run("bench --ops 5 --duration 1s").code()).isEqualTo(ExitCode.USAGE);
  }

  private static long count(String json, String kind) {
    return Long.parseLong(json.replaceAll(".*\"" + kind + "\":\\{\"ops\":(\\d+).*\\R?", "$1"));
  }
}
