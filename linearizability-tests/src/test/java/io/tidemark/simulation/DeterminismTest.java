package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The same seed gives the same run in every JVM: if this fails, nothing else here counts.
class DeterminismTest {
  private static final int SEEDS = Integer.getInteger("simulation.determinism.seeds", 50);

  @Test
  void everySeedGivesTheSameTraceInTwoFreshJvms() throws Exception {
    // Different collectors and compilers, so that nothing rests on when either does its work.
    Process one = start("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    Process other = start("-XX:+UseParallelGC");
    List<String> ofOne = hashes(one);
    List<String> ofOther = hashes(other);
    assertThat(ofOne).hasSize(SEEDS).doesNotHaveDuplicates();
    assertThat(ofOther).isEqualTo(ofOne);
    System.out.println("determinism: " + SEEDS + " seeds twice, equal traces");
  }

  private static Process start(String... options) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "-Djdk.trackAllThreads=false",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            DeterminismTest.class.getName(),
            String.valueOf(SEEDS)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static List<String> hashes(Process process) throws Exception {
    try {
      var output = process.getInputStream().readAllBytes();
      assertThat(process.waitFor()).isZero();
      return new String(output, StandardCharsets.UTF_8).lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }

  /// Prints a line for each seed: what its trace comes to.
  public static void main(String[] arguments) {
    int seeds = Integer.parseInt(arguments[0]);
    for (long seed = 1; seed <= seeds; seed++) {
      Simulation.Outcome outcome = Simulation.run(seed);
      System.out.println(seed + " " + outcome.hash() + " " + outcome.steps());
    }
  }
}
