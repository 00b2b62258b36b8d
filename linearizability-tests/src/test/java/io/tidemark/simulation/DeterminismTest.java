package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    var all = new ArrayList<>(List.of(options));
    all.add("-Xmx256m");
    return FreshJvm.start(
        DeterminismTest.class,
        all,
        List.of(String.valueOf(SEEDS)),
        ProcessBuilder.Redirect.DISCARD);
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
