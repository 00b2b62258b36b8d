package io.tidemark.processes;

import io.tidemark.processes.Cluster.Member;
import io.tidemark.verify.Demands;
import io.tidemark.verify.Family;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.Plan;
import io.tidemark.verify.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` under load. `-Dtidemark.kill.seconds=120` makes it two minutes long.
class KillTest {
  private static final Duration DURATION =
      Duration.ofSeconds(Integer.getInteger("tidemark.kill.seconds", 15));
  private static final int OPERATIONS_BETWEEN_KILLS = 500;

  @TempDir Path directory;

  @Test
  void everyAcknowledgedWriteIsThereAndNoReadGoesBackThoughEveryProcessIsKilledInTurns()
      throws Exception {
    try (var cluster = Cluster.start(directory, 3);
        var load =
            Workload.start(
                Plan.of(cluster.endpoints(), Family.SINGLE_KEY, 1)
                    .withOperationsMax(4_000, 400_000))) {
      killInTurns(cluster, load);

      Judgement judgement = load.finish().judge(Demands.withFaults());

      System.out.println(judgement.figures().summary());
      Trial.assertLinearizable("KillTest", judgement);
    }
  }

  /// Kills one process after the other and starts it again, always under load.
  private static void killInTurns(Cluster cluster, Workload load) {
    List<Member> victims = new ArrayList<>(cluster.replicas());
    victims.add(1, cluster.log());
    long endNanos = System.nanoTime() + DURATION.toNanos();
    // Every process at least once, however slow the machine.
    for (int kills = 0; kills < victims.size() || System.nanoTime() < endNanos; kills++) {
      awaitOperations(load, OPERATIONS_BETWEEN_KILLS);
      Member victim = victims.get(kills % victims.size());
      try (var _ = load.fault("kill -9", victim.name)) {
        victim.kill();
        victim.start();
        victim.awaitReady();
      }
    }
    awaitOperations(load, OPERATIONS_BETWEEN_KILLS);
  }

  private static void awaitOperations(Workload load, long more) {
    long target = load.progress().answered() + more;
    Await.until(
        "clients got " + more + " more answers", () -> load.progress().answered() >= target);
  }
}
