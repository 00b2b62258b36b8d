package io.tidemark.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.client.FakeCluster;
import io.tidemark.verify.Judgement.Verdict;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Loads on a cluster in memory.
@Timeout(300)
class WorkloadTest {
  private static final int OPERATIONS = 1_500;
  private static final long LIMIT_NANOS = 60_000_000_000L;

  @ParameterizedTest
  @EnumSource
  void whatAnHonestClusterAnswersIsLinearizable(Family family) throws Exception {
    Judgement judgement = run(family, cluster -> {});

    assertThat(judgement.verdict()).as(judgement.toString()).isEqualTo(Verdict.LINEARIZABLE);
    assertThat(judgement.figures().operations()).isEqualTo(OPERATIONS);
    assertThat(judgement.figures().answeredByReplica()).hasSize(3);
    assertThat(judgement.figures().kinds()).hasSizeGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void aReplicaThatAnswersFromAnOldStateIsFound(Family family) throws Exception {
    Judgement judgement = run(family, cluster -> cluster.node(1).lieAboutReads());

    assertThat(judgement.verdict()).as(judgement.toString()).isEqualTo(Verdict.VIOLATION);
    assertThat(judgement.sentence()).startsWith("Not linearizable: ").contains("k");
  }

  /// A load of a fixed size, with something done to the cluster in the middle of it.
  private static Judgement run(Family family, Consumer<FakeCluster> inTheMiddle)
      throws InterruptedException {
    try (var cluster = new FakeCluster(3);
        var load =
            Workload.start(
                Plan.of(cluster.endpoints(), family, 7)
                    .withClients(12)
                    .withOperationsMax(100_000, OPERATIONS))) {
      await(load, OPERATIONS / 2);
      inTheMiddle.accept(cluster);
      await(load, OPERATIONS);
      var recording = load.finish();
      assertThat(load.removeKeys()).isPositive();
      assertThat(cluster.state()).isEmpty();
      return recording.judge(Demands.withoutFaults());
    }
  }

  private static void await(Workload load, long operations) {
    long beganNanos = System.nanoTime();
    while (load.progress().ended() < operations) {
      assertThat(System.nanoTime() - beganNanos).as("%s", load.progress()).isLessThan(LIMIT_NANOS);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
