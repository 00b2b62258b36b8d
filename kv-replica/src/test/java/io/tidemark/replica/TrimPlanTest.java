package io.tidemark.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.Manifest;
import io.tidemark.checkpoint.Verdict;
import io.tidemark.statemachine.Digest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TrimPlanTest {
  private static final long SECOND = 1_000;

  /// At position 100 x n, log time n seconds, and n KiB of log.
  private static Checkpoint verified(int n) {
    var facts =
        new Manifest.Facts(
            new UUID(1, 1), 100L * n, n * SECOND, n * 1024L, 2, Digest.ZERO, 1, "maker");
    return new Checkpoint(
        new Manifest(facts, List.of(), List.of()),
        Optional.of(new Verdict("other", false, 0)),
        Optional.empty(),
        0);
  }

  private static OptionalLong plan(int now, long retainBytes, Duration window, int... verified) {
    var config = CheckpointConfig.of(new MemoryObjects()).withRetention(retainBytes, window);
    var at = new Folded.At(100L * now, now * SECOND, now * 1024L, Optional.empty());
    return TrimPlan.trimPoint(
        Arrays.stream(verified).mapToObj(TrimPlanTest::verified).toList(), at, config);
  }

  @Test
  void theNewestVerifiedCheckpointIsNeverEnough() {
    assertThat(plan(9, 0, Duration.ZERO)).isEmpty();
    assertThat(plan(9, 0, Duration.ZERO, 5)).isEmpty();
    assertThat(plan(9, 0, Duration.ZERO, 5, 6)).hasValue(500);
    assertThat(plan(9, 0, Duration.ZERO, 5, 6, 9)).hasValue(600);
  }

  @Test
  void soManyBytesOfLogStay() {
    assertThat(plan(9, 3 * 1024, Duration.ZERO, 5, 6, 9)).hasValue(600);
    assertThat(plan(9, 3 * 1024 + 1, Duration.ZERO, 5, 6, 9)).hasValue(500);
    assertThat(plan(9, 5 * 1024, Duration.ZERO, 5, 6, 9)).isEmpty();
  }

  @Test
  void everyRevisionOfTheWindowCanBeHad() {
    assertThat(plan(9, 0, Duration.ofSeconds(3), 5, 6, 9)).hasValue(600);
    assertThat(plan(9, 0, Duration.ofMillis(3_001), 5, 6, 9)).hasValue(500);
    assertThat(plan(9, 0, Duration.ofSeconds(8), 5, 6, 9)).isEmpty();
    var config = CheckpointConfig.of(new MemoryObjects()).withRetention(0, Duration.ofSeconds(3));
    var at = new Folded.At(900, 9 * SECOND, 9 * 1024, Optional.empty());
    assertThat(TrimPlan.retention(List.of(), at, config).windowBeginMillis()).hasValue(6 * SECOND);
  }

  @Test
  void theCheckpointThatTheLogIsTrimmedToNextIsKept() {
    assertThat(kept(9, 0, 5, 6, 7, 8)).isEqualTo(2);
    assertThat(kept(9, 2 * 1024, 5, 6, 7, 8)).isEqualTo(2);
    assertThat(kept(9, 3 * 1024, 5, 6, 7, 8)).isEqualTo(3);
    assertThat(kept(9, 4 * 1024, 5, 6, 7, 8)).isEqualTo(4);
    assertThat(kept(9, 9 * 1024, 5, 6, 7, 8)).as("all, since none is old enough").isEqualTo(5);
  }

  private static int kept(int now, long retainBytes, int... verified) {
    var config = CheckpointConfig.of(new MemoryObjects()).withRetention(retainBytes, Duration.ZERO);
    var at = new Folded.At(100L * now, now * SECOND, now * 1024L, Optional.empty());
    var checkpoints = Arrays.stream(verified).mapToObj(TrimPlanTest::verified).toList();
    return TrimPlan.retention(checkpoints, at, config).verifiedMin();
  }
}
