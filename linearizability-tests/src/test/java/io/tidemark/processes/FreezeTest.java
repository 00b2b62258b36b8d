package io.tidemark.processes;

import io.tidemark.verify.Family;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.Plan;
import io.tidemark.verify.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `SIGSTOP` under load: a process that wakes up believes that no time has passed.
class FreezeTest {
  private static final int MILLIS_MIN = 200;
  private static final int MILLIS_MAX = Trial.isShort() ? 1_500 : 3_000;

  @TempDir Path directory;

  @Test
  void whoWasFrozenNeverAnswersFromBefore() throws Exception {
    try (var cluster = Cluster.start(directory, 3)) {
      var plan =
          Plan.of(cluster.endpoints(), Family.SINGLE_KEY, 2)
              .withOperationsMax(1_000, 400_000)
              .withRequestTimeout(Duration.ofMillis(400));

      Judgement judgement =
          Trial.of(
              "frozen processes",
              plan,
              List.of(
                  (load, random) -> freeze(load, random, cluster.replica(random.nextInt(3))),
                  (load, random) -> freeze(load, random, cluster.log()),
                  (load, random) -> freeze(load, random, cluster.replica(0), cluster.replica(1)),
                  (load, random) -> freeze(load, random, cluster.log(), cluster.replica(2))));

      Trial.assertLinearizable("FreezeTest", judgement);
    }
  }

  private static void freeze(Workload load, Random random, Cluster.Member... members) {
    String names = List.of(members).stream().map(member -> member.name).toList().toString();
    String kind = names.contains("log") ? "frozen log" : "frozen replica";
    try (var _ = load.fault(kind, names)) {
      for (var member : members) {
        member.program().freeze();
        Await.until(member.name + " is frozen", () -> member.program().isFrozen());
      }
      Await.passed(Await.between(random, MILLIS_MIN, MILLIS_MAX));
      for (var member : members) {
        member.program().thaw();
      }
    }
  }
}
