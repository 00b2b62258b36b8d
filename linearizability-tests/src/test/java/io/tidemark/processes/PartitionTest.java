package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.faults.CallProxy;
import io.tidemark.log.faults.CallProxy.Fate;
import io.tidemark.log.faults.FaultProxy;
import io.tidemark.log.faults.FaultProxy.Newcomers;
import io.tidemark.log.faults.FaultProxy.Way;
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

/// Networks that lose, hold and deliver late, between a replica and its log and between clients and
/// a replica.
class PartitionTest {
  private static final int MILLIS_MIN = Trial.isShort() ? 800 : 1_000;
  private static final int MILLIS_MAX = Trial.isShort() ? 1_300 : 3_000;
  private static final Duration LATE = Duration.ofMillis(600);
  private static final List<String> WRITES = List.of("/Put", "/Delete", "/Transact");

  @TempDir Path directory;

  @Test
  void whateverIsLostOrLateBetweenAReplicaAndItsLogNobodySeesThePast() throws Exception {
    try (var cluster = Cluster.in(directory).linksToLog().seed(3).start()) {
      Judgement judgement =
          Trial.of(
              "partitions between replica and log",
              plan(cluster, 3),
              List.of(
                  (load, random) -> lose(load, random, oneOf(cluster, random), Way.TO_SERVER),
                  (load, random) -> lose(load, random, oneOf(cluster, random), Way.TO_CLIENT),
                  (load, random) -> hold(load, random, oneOf(cluster, random)),
                  (load, random) -> orphan(load, random, oneOf(cluster, random)),
                  (load, random) -> isolate(load, random, oneOf(cluster, random)),
                  (load, random) -> slow(load, random, oneOf(cluster, random))));

      Trial.assertLinearizable("PartitionTest", judgement);
    }
  }

  @Test
  void whateverIsLostTwiceOrLateBetweenClientsAndAReplicaIsDoneOnceAndNeverToldAsFailed()
      throws Exception {
    try (var cluster = Cluster.in(directory).linksToReplicas().seed(4).start()) {
      Judgement judgement =
          Trial.of(
              "calls that are lost, twice or late",
              plan(cluster, 4),
              List.of(
                  (load, random) -> disturb(load, random, cluster, Fate.ANSWER_LOST, 0.1),
                  (load, random) -> disturb(load, random, cluster, Fate.SENT_LATE, 0.05),
                  (load, random) -> twice(random, cluster),
                  (load, random) -> disturb(load, random, cluster, Fate.ANSWERED_LATE, 0.2)));

      Trial.assertLinearizable("PartitionTest", judgement);
      assertThat(cluster.replicaLinks())
          .allSatisfy(link -> {
            var befallen = link.calls().orElseThrow().befallen();
            for (Fate fate : List.of(Fate.ANSWER_LOST, Fate.SENT_LATE, Fate.SENT_TWICE)) {
              assertThat(befallen)
                  .as("%s: %s", link.name(), fate)
                  .anyMatch(one -> one.fate() == fate);
            }
          });
    }
  }

  private static Plan plan(Cluster cluster, long seed) {
    return Plan.of(cluster.endpoints(), Family.SINGLE_KEY, seed)
        .withOperationsMax(1_000, 400_000)
        .withRequestTimeout(Duration.ofMillis(400));
  }

  private static Cluster.Link oneOf(Cluster cluster, Random random) {
    return cluster.logLinks().get(random.nextInt(cluster.logLinks().size()));
  }

  /// Nothing arrives one way, and the other way works; in the end the connection breaks.
  private static void lose(Workload load, Random random, Cluster.Link link, Way way) {
    FaultProxy bytes = link.bytes();
    long before = bytes.lost(way);
    String kind = way == Way.TO_SERVER ? "lost requests" : "lost replies";
    try (var _ = load.fault(kind, link.name())) {
      bytes.lose(way);
      Await.until("something is lost", () -> bytes.lost(way) > before);
      Await.passed(Await.between(random, MILLIS_MIN, MILLIS_MAX));
      bytes.heal();
    }
  }

  /// Nothing arrives either way; in the end all of it does, on the same connection.
  private static void hold(Workload load, Random random, Cluster.Link link) {
    try (var _ = load.fault("held", link.name())) {
      link.bytes().hold(Way.TO_SERVER);
      link.bytes().hold(Way.TO_CLIENT);
      Await.passed(Await.between(random, MILLIS_MIN, MILLIS_MAX));
      link.bytes().restore();
    }
  }

  /// Appends pile up on their way; the replica is told that its connection broke and makes another;
  /// then they arrive.
  private static void orphan(Workload load, Random random, Cluster.Link link) {
    FaultProxy bytes = link.bytes();
    long before = bytes.held(Way.TO_SERVER);
    try (var _ = load.fault("delivered late", link.name())) {
      bytes.hold(Way.TO_SERVER);
      Await.until("something is held", () -> bytes.held(Way.TO_SERVER) > before);
      Await.passed(Duration.ofMillis(300));
      bytes.orphan();
      Await.passed(Await.between(random, MILLIS_MIN, MILLIS_MAX));
      bytes.deliverOrphans();
    }
  }

  /// The connection is reset, and no other is to be had.
  private static void isolate(Workload load, Random random, Cluster.Link link) {
    FaultProxy bytes = link.bytes();
    long before = bytes.turnedAway();
    try (var _ = load.fault("isolated", link.name())) {
      bytes.newcomers(random.nextBoolean() ? Newcomers.REFUSED : Newcomers.IGNORED);
      bytes.reset();
      Await.until("it was turned away", () -> bytes.turnedAway() > before);
      Await.passed(Await.between(random, MILLIS_MIN, MILLIS_MAX));
      bytes.heal();
    }
  }

  /// Everything takes its time, and little passes.
  private static void slow(Workload load, Random random, Cluster.Link link) {
    try (var _ = load.fault("slow", link.name())) {
      link.bytes().delay(Way.TO_SERVER, Duration.ofMillis(20), Duration.ofMillis(150));
      link.bytes().delay(Way.TO_CLIENT, Duration.ofMillis(20), Duration.ofMillis(150));
      link.bytes().throttle(Way.TO_CLIENT, 50_000);
      Await.passed(Await.between(random, MILLIS_MIN, MILLIS_MAX));
      link.bytes().restore();
    }
  }

  private static void disturb(
      Workload load, Random random, Cluster cluster, Fate fate, double share) {
    try (var _ = load.fault(fate.name().toLowerCase(java.util.Locale.ROOT), "writes")) {
      plan(cluster, fate, share);
      Await.passed(Await.between(random, MILLIS_MIN, MILLIS_MAX));
      cluster.replicaLinks().forEach(link -> link.calls().orElseThrow().plan());
    }
  }

  /// What is sent twice troubles nobody; it must not show.
  private static void twice(Random random, Cluster cluster) {
    plan(cluster, Fate.SENT_TWICE, 0.3);
    Await.passed(Await.between(random, MILLIS_MIN, MILLIS_MAX));
    cluster.replicaLinks().forEach(link -> link.calls().orElseThrow().plan());
  }

  private static void plan(Cluster cluster, Fate fate, double share) {
    var plans =
        WRITES.stream()
            .map(method -> new CallProxy.Plan(method, fate, share, LATE))
            .toArray(CallProxy.Plan[]::new);
    cluster.replicaLinks().forEach(link -> link.calls().orElseThrow().plan(plans));
  }
}
