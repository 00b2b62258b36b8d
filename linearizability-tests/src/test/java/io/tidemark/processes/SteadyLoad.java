package io.tidemark.processes;

import io.tidemark.base.Bytes;
import io.tidemark.client.AsyncTidemarkClient;
import io.tidemark.client.TidemarkClient;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Writes and strong reads at a steady rate, one half each, on keys `key-0`, `key-1` and so on.
///
/// A request is due when its turn comes, whether or not those before it were answered, and its
/// latency counts from then: a server that pauses is charged for all who would have come meanwhile.
final class SteadyLoad {
  private static final int UNDER_WAY_MAX = 256;
  private static final long LATENCY_NANOS_MAX = Duration.ofMinutes(1).toNanos();
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(200).toNanos();

  private final int keys;
  private final int perSecond;
  private final byte[] value;
  private final Random random;

  /// What was measured.
  ///
  /// @param writes latencies in nanoseconds
  /// @param reads latencies in nanoseconds
  /// @param failed requests that got no answer
  /// @param largest the largest of the sizes that were looked at meanwhile, in bytes
  record Measured(Histogram writes, Histogram reads, long failed, long largest) {
    String summary() {
      return String.format(
          Locale.ROOT,
          "%,d writes p50 %.2f p99 %.2f max %.0f ms; %,d strong reads p50 %.2f p99 %.2f max %.0f"
              + " ms; %d failed; at most %,d MiB of log",
          writes.getTotalCount(),
          millis(writes, 50),
          millis(writes, 99),
          millis(writes, 100),
          reads.getTotalCount(),
          millis(reads, 50),
          millis(reads, 99),
          millis(reads, 100),
          failed,
          largest >> 20);
    }

    static double millis(Histogram histogram, double percentile) {
      return histogram.getValueAtPercentile(percentile) / 1e6;
    }
  }

  SteadyLoad(int keys, int perSecond, int valueBytes, long seed) {
    this.keys = keys;
    this.perSecond = perSecond;
    this.value = new byte[valueBytes];
    this.random = new Random(seed);
  }

  /// Runs for so long.
  ///
  /// @param size looked at several times a second
  Measured run(TidemarkClient client, Duration duration, LongSupplier size) {
    AsyncTidemarkClient async = client.async();
    var writes = new ConcurrentHistogram(LATENCY_NANOS_MAX, 3);
    var reads = new ConcurrentHistogram(LATENCY_NANOS_MAX, 3);
    var failed = new AtomicLong();
    var underWay = new AtomicLong();
    long largest = 0;
    long looked = System.nanoTime();
    long began = System.nanoTime();
    long requests = duration.toNanos() / 1_000_000 * perSecond / 1_000;
    for (long i = 0; i < requests; i++) {
      long due = began + i * 1_000_000_000L / perSecond;
      for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      boolean isWrite = i % 2 == 0;
      Histogram latencies = isWrite ? writes : reads;
      Bytes key = key(random.nextInt(keys));
      CompletableFuture<?> answer = isWrite ? async.put(key, value()) : async.get(key);
      underWay.incrementAndGet();
      var _ =
          answer.whenComplete((_, failure) -> {
            latencies.recordValue(Math.min(System.nanoTime() - due, LATENCY_NANOS_MAX));
            underWay.decrementAndGet();
            if (failure != null) {
              failed.incrementAndGet();
            }
          });
      if (System.nanoTime() - looked > LOOK_EVERY_NANOS) {
        looked = System.nanoTime();
        largest = Math.max(largest, size.getAsLong());
      }
    }
    Await.until("all requests were answered", () -> underWay.get() == 0);
    return new Measured(writes, reads, failed.get(), largest);
  }

  /// Writes keys, of so many the first `count` in a drawn order where `shuffled`, as fast as the
  /// server takes them.
  void put(TidemarkClient client, int count, boolean shuffled) {
    var slots = new Semaphore(UNDER_WAY_MAX);
    var failures = new ConcurrentLinkedQueue<Throwable>();
    for (int i = 0; i < count; i++) {
      slots.acquireUninterruptibly();
      int number = shuffled ? random.nextInt(keys) : i;
      var _ =
          client
              .async()
              .put(key(number), value())
              .whenComplete((_, thrown) -> {
                if (thrown != null) {
                  failures.add(thrown);
                }
                slots.release();
              });
    }
    try {
      if (!slots.tryAcquire(UNDER_WAY_MAX, 1, TimeUnit.MINUTES)) {
        throw new AssertionError("writes are not answered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("a write failed", failures.peek());
    }
  }

  static Bytes key(int number) {
    return Bytes.utf8(String.format(Locale.ROOT, "key-%09d", number));
  }

  private Bytes value() {
    // Random, so that nothing compresses.
    random.nextBytes(value);
    return Bytes.copyOf(value);
  }
}
