package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.client.KeyValue;
import io.tidemark.client.TidemarkClient;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three replicas that share nothing but a bucket.
@Timeout(600)
class BucketTest {
  /// `-Dtidemark.pairs=10000` is the size of the acceptance run.
  private static final int PAIRS = Integer.getInteger("tidemark.pairs", 300);

  private static final Duration DURATION =
      Duration.ofSeconds(Integer.getInteger("tidemark.kill.seconds", 15));
  private static final int OPERATIONS_BETWEEN_KILLS = 300;

  @TempDir Path directory;

  @Test
  void aWriteThroughAnyReplicaIsSeenByTheNextReadOnEveryOther() {
    try (var cluster = Cluster.in(directory).inBucket().start()) {
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
      } finally {
        clients.forEach(TidemarkClient::close);
      }
    }
  }

  @Test
  void everyAcknowledgedWriteIsThereThoughReplicasAndTheBucketsServerAreKilledInTurns()
      throws Exception {
    try (var cluster = Cluster.in(directory).inBucket().start();
        var load =
            Workload.start(
                Plan.of(cluster.endpoints(), Family.SINGLE_KEY, 1)
                    .withOperationsMax(4_000, 400_000))) {
      List<Member> victims = new ArrayList<>(cluster.replicas());
      victims.add(1, cluster.log());
      long endNanos = System.nanoTime() + DURATION.toNanos();
      for (int kills = 0; kills < victims.size() || System.nanoTime() < endNanos; kills++) {
        awaitOperations(load);
        Member victim = victims.get(kills % victims.size());
        try (var _ = load.fault("kill -9", victim.name)) {
          victim.kill();
          victim.start();
          victim.awaitReady();
        }
      }
      awaitOperations(load);

      Judgement judgement = load.finish().judge(Demands.withFaults());

      System.out.println(judgement.figures().summary());
      assertThat(judgement.isLinearizable()).as(judgement.toString()).isTrue();
    }
  }

  private static void awaitOperations(Workload load) {
    long target = load.progress().answered() + OPERATIONS_BETWEEN_KILLS;
    Await.until("clients got more answers", () -> load.progress().answered() >= target);
  }
}
