package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.client.FakeCluster;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verbs in processes of their own: what only a process has.
class ProcessTest {
  private static final long PATIENCE_SECONDS = 60;

  private final FakeCluster cluster = new FakeCluster(1);
  @TempDir private Path folder = Path.of("");

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void theEndpointComesFromTheEnvironmentAndTheExitCodeReachesTheShell() throws Exception {
    Process put = start("put", "tide", "high");
    assertThat(put.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(output(put)).isEqualTo("ok, revision 6\n");
    assertThat(put.exitValue()).isZero();
    Process missing = start("get", "none");
    assertThat(missing.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(missing.exitValue()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(output(missing)).isEqualTo("tidemark: no such key: none\n");
  }

  @Test
  void anImportThatWasKilledGoesOnAfterItsCheckpoint() throws Exception {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 1_000; i++) {
      lines.add("k" + i + "\tvalue " + i);
    }
    Path file = Files.write(folder.resolve("killed.tsv"), lines);
    cluster.node(0).hangAfter(300);
    Process killed = start("import", file.toString(), "--in-flight", "32");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (cluster.state().size() < 290 || !Files.exists(Checkpoint.pathOf(file))) {
      assertThat(System.nanoTime()).as("the import begins").isLessThan(end);
      LockSupport.parkNanos(5_000_000);
    }
    killed.destroyForcibly();
    assertThat(killed.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(cluster.state()).hasSizeLessThanOrEqualTo(300);
    long before = Checkpoint.load(file).orElseThrow().lines();

    cluster.node(0).hangAfter(Integer.MAX_VALUE);
    Process resumed = start("import", file.toString(), "--resume");
    assertThat(resumed.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(output(resumed))
        .contains("resuming after line " + before)
        .contains("imported " + (1_000 - before) + " records");
    assertThat(before).isPositive();
    for (int i = 0; i < 1_000; i++) {
      assertThat(cluster.writesOf("k" + i)).as("k" + i).isPositive();
    }
    assertThat(Checkpoint.pathOf(file)).doesNotExist();
  }

  private Process start(String... args) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                ManagementFactory.getRuntimeMXBean().getClassPath(),
                CliMain.class.getName()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("TIDEMARK_ENDPOINT", cluster.node(0).endpoint());
    return builder.start();
  }

  private static String output(Process process) throws IOException {
    return new String(
        process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
  }
}
