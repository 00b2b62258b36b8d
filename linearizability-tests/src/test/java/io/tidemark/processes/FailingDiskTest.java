package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.processes.Cluster.Member;
import io.tidemark.verify.Family;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.Plan;
import io.tidemark.verify.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The disk of the log server fails to sync, or is slow to.
class FailingDiskTest {
  private static final int SLOW_MILLIS = 150;
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int ENDED_BY_SIGTERM = 143;

  @TempDir Path directory;

  @BeforeEach
  void assumeCompiler() {
    var lacks = FailingDisk.lacks();
    Assumptions.assumeTrue(lacks.isEmpty(), () -> "no failing disk: " + lacks.orElseThrow());
  }

  @Test
  void afterAFailedSyncNothingIsAcknowledgedUntilARestart() throws Exception {
    var disk = FailingDisk.in(directory);
    Judgement judgement = run(disk, Launch.PLAIN);

    Trial.assertLinearizable("FailingDiskTest", judgement);
  }

  @Test
  void whoTriesAFailedSyncAgainIsCaught() {
    var disk = FailingDisk.in(directory);
    assertThatThrownBy(() -> run(disk, PlantedLogServer.with("M03")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("acknowledged after a failed sync");
  }

  private Judgement run(FailingDisk disk, Launch launch) throws Exception {
    try (var cluster =
        Cluster.in(directory).log(place -> place.withLaunch(disk.under(launch))).start()) {
      var plan =
          Plan.of(cluster.endpoints(), Family.SINGLE_KEY, 8)
              .withOperationsMax(1_000, 400_000)
              .withRequestTimeout(Duration.ofMillis(400));
      return Trial.of(
          "a disk that fails to sync",
          plan,
          List.of(
              (load, random) -> slow(disk, load, random),
              (load, _) -> fail(disk, launch, load, cluster.log())));
    }
  }

  private static void slow(FailingDisk disk, Workload load, Random random) {
    try (var _ = load.fault("slow sync", SLOW_MILLIS + " ms")) {
      disk.slow(SLOW_MILLIS);
      Await.passed(Await.between(random, 800, 1_500));
      disk.mend();
    }
  }

  private static void fail(FailingDisk disk, Launch launch, Workload load, Member log) {
    try (var _ = load.fault("failed sync", "log")) {
      disk.fail();
      if (launch.equals(Launch.PLAIN)) {
        log.program().awaitLine("cannot write .*: .*; appends have stopped for good");
      }
      // Answers that were under way arrive.
      Await.passed(LOOK);
      long acknowledged = load.progress().acknowledgedWrites();
      Await.passed(LOOK);
      // A disk that seems to work again is not believed.
      disk.mend();
      Await.passed(LOOK);
      assertThat(load.progress().acknowledgedWrites())
          .as("writes acknowledged after a failed sync")
          .isEqualTo(acknowledged);
      assertThat(log.program().terminate()).isEqualTo(ENDED_BY_SIGTERM);
      assertThat(log.program().output()).doesNotContain("Exception in thread");
      log.start();
      log.awaitReady();
    }
  }
}
