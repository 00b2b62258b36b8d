package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.verify.Family;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.Plan;
import io.tidemark.verify.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log and each replica in a network namespace of its own, between which the kernel drops
/// packets, while clients reach all of them. Needs root.
class SplitBrainTest {
  private static final int LOG = 3;
  private static final int MILLIS_MIN = Trial.isShort() ? 800 : 1_000;
  private static final int MILLIS_MAX = Trial.isShort() ? 1_400 : 4_000;

  @TempDir Path directory;

  @Test
  void whoIsCutOffFromTheLogAnswersNothingOldWhileTheOthersWrite() throws Exception {
    var lacks = Namespaces.lacks();
    Assumptions.assumeTrue(lacks.isEmpty(), () -> "no namespaces: " + lacks.orElseThrow());
    try (var network = Namespaces.create(4);
        var cluster =
            Cluster.in(directory)
                .log(place -> place.withHost(network.addressOf(LOG)).withLaunch(network.in(LOG)))
                .replicas((index, place) ->
                    place.withHost(network.addressOf(index)).withLaunch(network.in(index)))
                .start()) {
      var plan =
          Plan.of(cluster.endpoints(), Family.SINGLE_KEY, 7)
              .withOperationsMax(1_000, 400_000)
              .withRequestTimeout(Duration.ofMillis(400));

      Judgement judgement =
          Trial.of(
              "split brain between namespaces",
              plan,
              List.of(
                  (load, random) -> split(network, load, random, "both ways", 0),
                  (load, random) -> split(network, load, random, "to the log", 1),
                  (load, random) -> split(network, load, random, "from the log", 2),
                  (load, random) -> split(network, load, random, "both ways", 1, 2),
                  (load, random) -> split(network, load, random, "from the log", 0, 1),
                  (load, random) -> split(network, load, random, "both ways", 0, 2)));

      Trial.assertLinearizable("SplitBrainTest", judgement);
    }
  }

  private static void split(
      Namespaces network, Workload load, Random random, String way, int... replicas) {
    try (var _ = load.fault("cut off " + way, java.util.Arrays.toString(replicas))) {
      for (int replica : replicas) {
        if (!way.equals("from the log")) {
          network.drop(replica, LOG);
        }
        if (!way.equals("to the log")) {
          network.drop(LOG, replica);
        }
      }
      Await.passed(Await.between(random, MILLIS_MIN, MILLIS_MAX));
      long dropped = network.dropped(LOG);
      for (int replica : replicas) {
        dropped += network.dropped(replica);
      }
      assertThat(dropped).as("packets dropped %s", way).isPositive();
      network.heal();
    }
  }
}
