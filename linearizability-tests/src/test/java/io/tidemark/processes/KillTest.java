package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.model.VersionedKv;
import io.tidemark.processes.Cluster.Member;
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
  private static final int CLIENTS = 24;
  private static final int OPERATIONS_BETWEEN_KILLS = 500;

  @TempDir Path directory;

  @Test
  void everyAcknowledgedWriteIsThereAndNoReadGoesBackThoughEveryProcessIsKilledInTurns()
      throws Exception {
    try (var cluster = Cluster.start(directory, 3);
        var workload = new Workload(cluster.endpoints(), CLIENTS, 1)) {
      workload.start();
      int kills = killInTurns(cluster, workload);
      workload.stop();
      workload.readEverything();

      System.out.println(kills + " kills; " + workload);
      assertThat(workload.acknowledgedWrites()).isGreaterThan(100);
      var report =
          Linearizability.check(
              new VersionedKv().toModel(),
              workload.history(),
              Options.DEFAULT.withTimeout(Duration.ofMinutes(2)));
      assertThat(report.isOk()).as(report.summary()).isTrue();
    }
  }

  /// Kills one process after the other and starts it again, always under load; returns how often.
  private static int killInTurns(Cluster cluster, Workload workload) throws Exception {
    List<Member> victims = new ArrayList<>(cluster.replicas());
    victims.add(1, cluster.log());
    long endNanos = System.nanoTime() + DURATION.toNanos();
    int kills = 0;
    // Every process at least once, however slow the machine.
    while (kills < victims.size() || System.nanoTime() < endNanos) {
      awaitOperations(workload, OPERATIONS_BETWEEN_KILLS);
      Member victim = victims.get(kills % victims.size());
      victim.kill();
      kills++;
      victim.start();
      victim.awaitReady();
    }
    awaitOperations(workload, OPERATIONS_BETWEEN_KILLS);
    return kills;
  }

  private static void awaitOperations(Workload workload, long more) {
    long target = workload.done() + more;
    Await.until("clients got " + more + " more answers", () -> workload.done() >= target);
  }
}
