package io.tidemark.processes;

import io.tidemark.verify.Family;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.Plan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Power cuts of the log and of a replica, under a load on the replicas. Needs root.
class PowerCutClusterTest {
  private static final int DISK_MEBIBYTES = 200;

  @TempDir Path directory;

  @Test
  void replicasGoOnFromWhatTheLogAndTheirDisksStillHave() throws Exception {
    LoopDisk.assume("ext4");
    try (var logDisk = LoopDisk.create("ext4", DISK_MEBIBYTES);
        var viewDisk = LoopDisk.create("ext4", DISK_MEBIBYTES);
        var cluster =
            Cluster.in(directory)
                .log(place -> place.withData(logDisk.path().resolve("log")))
                .replicas((index, place) ->
                    index == 0 ? place.withData(viewDisk.path().resolve("a")) : place)
                .start()) {
      var plan =
          Plan.of(cluster.endpoints(), Family.SINGLE_KEY, 6)
              .withKeys(40)
              .withOperationsMax(400, 400_000);

      Judgement judgement =
          Trial.of(
              "power cuts under replicas",
              plan,
              List.of(
                  (load, _) -> {
                    try (var _ = load.fault("power cut of the log", "log")) {
                      cut(List.of(logDisk), List.of(cluster.log()));
                    }
                  },
                  (load, _) -> {
                    try (var _ = load.fault("power cut of log and replica", "log, a")) {
                      cut(List.of(logDisk, viewDisk), List.of(cluster.log(), cluster.replica(0)));
                    }
                  }));

      Trial.assertLinearizable("PowerCutClusterTest", judgement);
    }
  }

  private static void cut(List<LoopDisk> disks, List<Cluster.Member> members) {
    disks.forEach(LoopDisk::cut);
    members.forEach(Cluster.Member::kill);
    disks.forEach(LoopDisk::turnOn);
    members.forEach(Cluster.Member::start);
    members.forEach(Cluster.Member::awaitReady);
  }
}
