package io.tidemark.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketHistogramTest {
  @Test
  void aValueAtABoundIsCountedWithinIt() {
    var sizes = BucketHistogram.ofSizes();
    for (long value : new long[] {0, 1, 2, 3, 4, 5, 65_536, 65_537}) {
      sizes.record(value);
    }
    BucketHistogram.Counts counts = sizes.counts();
    assertThat(sizes.bound(2)).isEqualTo(4);
    assertThat(counts.atMost(0)).as("0, 1").isEqualTo(2);
    assertThat(counts.atMost(1)).as("and 2").isEqualTo(3);
    assertThat(counts.atMost(2)).as("and 3, 4").isEqualTo(5);
    assertThat(counts.atMost(sizes.bounds() - 1)).as("all but one").isEqualTo(7);
    assertThat(counts.count()).isEqualTo(8);
    assertThat(counts.sum()).isEqualTo(15 + 65_536 + 65_537);
  }

  @Test
  void latenciesAreExportedInSeconds() {
    var latencies = BucketHistogram.ofLatencies();
    latencies.recordNanos(1_000_000);
    latencies.recordNanos(1_500);
    latencies.recordNanos(-5);
    assertThat(latencies.bound(0)).isEqualTo(1e-6);
    assertThat(latencies.bound(latencies.bounds() - 1)).isBetween(33.0, 34.0);
    assertThat(latencies.counts().atMost(0)).isEqualTo(1);
    assertThat(latencies.counts().atMost(1)).as("1.5 µs are at most 2 µs").isEqualTo(2);
    assertThat(latencies.counts().sum()).isBetween(1.001e-3, 1.003e-3);
  }
}
