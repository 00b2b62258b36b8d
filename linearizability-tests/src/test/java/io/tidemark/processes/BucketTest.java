package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.base.Bytes;
import io.tidemark.client.KeyValue;
import io.tidemark.client.TidemarkClient;
import io.tidemark.log.stores.ForeignStore;
import io.tidemark.verify.Demands;
import io.tidemark.verify.Family;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.Plan;
import io.tidemark.verify.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three replicas that share nothing but a bucket: of the S3 endpoint of our own, and of Ceph's
/// gateway where that is.
@Timeout(900)
class BucketTest {
  /// `-Dtidemark.pairs=10000` is the size of the acceptance run.
  private static final int PAIRS = Integer.getInteger("tidemark.pairs", 200);

  private static final Duration DURATION =
      Duration.ofSeconds(Integer.getInteger("tidemark.kill.seconds", 10));

  /// The bucket's server, and a replica.
  private static final int KILLS_MIN = 2;

  private static final int OPERATIONS_BETWEEN_KILLS = 300;

  @TempDir Path directory;

  /// Kills a process and waits until it is back.
  private record Victim(String name, Runnable killAndAwait) {
    static Victim of(Cluster.Member member) {
      return new Victim(
          member.name,
          () -> {
            member.kill();
            member.start();
            member.awaitReady();
          });
    }
  }

  @Test
  void aWriteThroughAnyReplicaIsSeenByTheNextReadOnEveryOther() {
    try (var cluster = Cluster.in(directory).inBucket().start()) {
      pairs(cluster);
    }
  }

  @Test
  void aWriteThroughAnyReplicaIsSeenByTheNextReadOnEveryOtherInABucketOfCeph() throws Exception {
    try (var store = radosgw();
        var cluster = Cluster.in(directory).inBucketOf(store).start()) {
      pairs(cluster);
    }
  }

  @Test
  void everyAcknowledgedWriteIsThereThoughReplicasAndTheBucketsServerAreKilledInTurns()
      throws Exception {
    try (var cluster = Cluster.in(directory).inBucket().start()) {
      killInTurns(cluster, Victim.of(cluster.log()));
    }
  }

  @Test
  void everyAcknowledgedWriteIsThereThoughReplicasAndCephsGatewayAreKilledInTurns()
      throws Exception {
    try (var store = radosgw();
        var cluster = Cluster.in(directory).inBucketOf(store).start()) {
      killInTurns(cluster, new Victim("radosgw", store::killGateway));
    }
  }

  private ForeignStore radosgw() throws IOException {
    Optional<String> why = ForeignStore.whyNoRadosgw();
    assumeTrue(why.isEmpty(), why.orElse(""));
    return ForeignStore.radosgw(directory.resolve("store"));
  }

  private static void pairs(Cluster cluster) {
    List<TidemarkClient> clients =
        cluster.endpoints().stream()
            .map(endpoint -> TidemarkClient.builder().endpoints(endpoint).build())
            .toList();
    try {
      for (int i = 0; i < PAIRS; i++) {
        var writer = clients.get(i % 3);
        var reader = clients.get((i + 1 + i / 3 % 2) % 3);
        Bytes value = Bytes.utf8("v" + i);
        writer.put(Bytes.utf8("key"), value);

        assertThat(reader.get(Bytes.utf8("key")).pair().map(KeyValue::value)).contains(value);
      }
      System.out.printf("%,d pairs of a write here and a read there, none stale%n", PAIRS);
    } finally {
      clients.forEach(TidemarkClient::close);
    }
  }

  private static void killInTurns(Cluster cluster, Victim server) throws Exception {
    try (var load =
        Workload.start(
            Plan.of(cluster.endpoints(), Family.SINGLE_KEY, 1).withOperationsMax(4_000, 400_000))) {
      var victims = new ArrayList<>(cluster.replicas().stream().map(Victim::of).toList());
      victims.addFirst(server);
      long endNanos = System.nanoTime() + DURATION.toNanos();
      for (int kills = 0; kills < KILLS_MIN || System.nanoTime() < endNanos; kills++) {
        awaitOperations(load);
        Victim victim = victims.get(kills % victims.size());
        try (var _ = load.fault("kill -9", victim.name())) {
          victim.killAndAwait().run();
        }
      }
      awaitOperations(load);

      Judgement judgement = load.finish().judge(Demands.withFaults());

      System.out.println(judgement.figures().summary());
      Trial.assertLinearizable("BucketTest", judgement);
    }
  }

  private static void awaitOperations(Workload load) {
    long target = load.progress().answered() + OPERATIONS_BETWEEN_KILLS;
    Await.until("clients got more answers", () -> load.progress().answered() >= target);
  }
}
