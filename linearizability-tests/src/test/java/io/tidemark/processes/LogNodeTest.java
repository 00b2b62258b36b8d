package io.tidemark.processes;

import io.tidemark.processes.Cluster.Member;
import io.tidemark.verify.Family;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.Plan;
import io.tidemark.verify.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the log server and of replicas at one time.
class LogNodeTest {
  @TempDir Path directory;

  @Test
  void theLogAndReplicasDieTogetherAndNothingAcknowledgedIsLost() throws Exception {
    try (var cluster = Cluster.start(directory, 3)) {
      var plan =
          Plan.of(cluster.endpoints(), Family.SINGLE_KEY, 5)
              .withKeys(40)
              .withOperationsMax(400, 400_000)
              .withRequestTimeout(Duration.ofMillis(400));

      Judgement judgement =
          Trial.of(
              "the log killed together with replicas",
              plan,
              List.of(
                  (load, random) -> killWithLog(cluster, load, random, 1),
                  (load, random) -> killWithLog(cluster, load, random, 2),
                  (load, random) -> killWithLog(cluster, load, random, 3)));

      Trial.assertLinearizable("LogNodeTest", judgement);
    }
  }

  private static void killWithLog(Cluster cluster, Workload load, Random random, int replicas) {
    List<Member> victims = new ArrayList<>(cluster.replicas());
    Collections.shuffle(victims, random);
    victims = new ArrayList<>(victims.subList(0, replicas));
    victims.add(cluster.log());
    Collections.shuffle(victims, random);
    String kind = "kill -9 of the log and " + replicas;
    try (var _ = load.fault(kind, victims.stream().map(member -> member.name).toList() + "")) {
      victims.parallelStream().forEach(Member::kill);
      // Replicas may come back before their log.
      victims.forEach(Member::start);
      victims.forEach(Member::awaitReady);
    }
  }
}
