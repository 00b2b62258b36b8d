package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.faults.FaultProxy.Way;
import io.tidemark.verify.Demands;
import io.tidemark.verify.Family;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.Plan;
import io.tidemark.verify.Workload;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes with a bug planted in them, which the verdict on what clients saw must show. Bugs
/// that only failing disks bring out are planted at [PowerCutTest] and [FailingDiskTest].
class PlantedProcessesTest {
  @TempDir Path directory;

  @Test
  void m17ARememberedTailShowsOnAReplicaThatIsBehind() throws Exception {
    try (var cluster =
        Cluster.in(directory)
            .linksToLog()
            .replicas((_, place) -> place.withLaunch(PlantedReplica.with("M17")))
            .start()) {
      cluster
          .logLinks()
          .getFirst()
          .bytes()
          .delay(Way.TO_CLIENT, Duration.ofMillis(40), Duration.ofMillis(120));
      // A search for what cannot be found grows with what is under way at once. Of few keys every
      // one is written elsewhere in the 100 ms for which the tail is remembered.
      var plan = plan(cluster).withClients(6).withKeys(4).withRequestTimeout(Duration.ofSeconds(2));
      assertShows("M17", plan, 1_500);
    }
  }

  @Test
  void m30AnAppendThatWasDoneAndToldAsFailedShows() throws Exception {
    try (var cluster =
        Cluster.in(directory)
            .log(place -> place.withLaunch(PlantedLogServer.with("M30")))
            .start()) {
      assertShows("M30", plan(cluster), 3_000);
    }
  }

  private static Plan plan(Cluster cluster) {
    return Plan.of(cluster.endpoints(), Family.SINGLE_KEY, 10);
  }

  private static void assertShows(String bug, Plan plan, long operations) throws Exception {
    try (var load = Workload.start(plan)) {
      Await.until("the load was had", () -> load.progress().ended() >= operations);
      Judgement judgement = load.finish().judge(Demands.withoutFaults());

      System.out.println(bug + " in real processes: " + judgement.sentence());
      assertThat(judgement.verdict())
          .as(judgement.sentence())
          .isEqualTo(Judgement.Verdict.VIOLATION);
    }
  }
}
