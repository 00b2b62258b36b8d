package io.tidemark.replica;

import com.codahale.metrics.Metric;
import io.tidemark.base.Invariants;
import java.util.concurrent.atomic.LongAdder;

/// Counts whole numbers in fixed buckets, each twice as wide as the one before, so that histograms
/// of many replicas can be added up.
///
/// Bucket `i` counts values of at most `2^i` units that are above `2^(i-1)`; the last one counts
/// everything beyond. Any thread may record and read; recording takes some nanoseconds, and neither
/// locks nor allocates.
public final class BucketHistogram implements Metric {
  private final double unit;
  private final LongAdder[] buckets;
  private final LongAdder sum = new LongAdder();

  private BucketHistogram(double unit, int bounded) {
    Invariants.check(0 < bounded && bounded < 63, "a histogram has buckets", bounded);
    this.unit = unit;
    this.buckets = new LongAdder[bounded + 1];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  /// For latencies, recorded with [#recordNanos(long)] and exported in seconds: bounds from 1 µs to
  /// 33.6 s.
  public static BucketHistogram ofLatencies() {
    return new BucketHistogram(1e-6, 26);
  }

  /// For sizes, recorded with [#record(long)]: bounds from 1 to 65,536.
  public static BucketHistogram ofSizes() {
    return new BucketHistogram(1, 17);
  }

  /// Counts a value in units; less than zero counts as zero.
  public void record(long value) {
    int bits = value <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(value - 1);
    buckets[Math.min(bits, buckets.length - 1)].increment();
    sum.add(Math.max(value, 0));
  }

  /// Counts a latency in nanoseconds, in a histogram of [#ofLatencies()]; it is rounded up to
  /// microseconds.
  public void recordNanos(long nanos) {
    record(Math.ceilDiv(nanos, 1_000));
  }

  /// How many bounds there are; one more bucket counts what is beyond the last.
  public int bounds() {
    return buckets.length - 1;
  }

  /// The greatest value of a bucket, as exported: units times [#unit()].
  ///
  /// @param index from 0 to `bounds() - 1`
  public double bound(int index) {
    return (1L << index) * unit;
  }

  /// What one unit is exported as: a millionth (of a second) for latencies, 1 for sizes.
  public double unit() {
    return unit;
  }

  /// The counts as of now. While others record, they may miss some of what is being recorded, but
  /// they never go back.
  public Counts counts() {
    long[] cumulative = new long[buckets.length];
    long count = 0;
    for (int i = 0; i < buckets.length; i++) {
      count += buckets[i].sum();
      cumulative[i] = count;
    }
    return new Counts(cumulative, sum.sum() * unit);
  }

  /// The counts of a histogram at one moment.
  public static final class Counts {
    private final long[] cumulative;
    private final double sum;

    private Counts(long[] cumulative, double sum) {
      this.cumulative = cumulative;
      this.sum = sum;
    }

    /// How many values were at most [BucketHistogram#bound(int)] of the index.
    ///
    /// @param index from 0 to `bounds() - 1`
    public long atMost(int index) {
      return cumulative[index];
    }

    /// How many values there were.
    public long count() {
      return cumulative[cumulative.length - 1];
    }

    /// Their sum, as exported.
    public double sum() {
      return sum;
    }
  }
}
