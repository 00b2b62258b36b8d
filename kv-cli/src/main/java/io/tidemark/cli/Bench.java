package io.tidemark.cli;

import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.client.Consistency;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/// Closed-loop load: each of so many clients, a virtual thread each, sends its next request when
/// the last is answered. Bounded by time and by count.
final class Bench {
  private static final int DIGITS = 3;

  private Bench() {}

  /// What is asked for.
  record Work(
      int clients,
      double readRatio,
      long keyCount,
      int valueBytes,
      long seed,
      Consistency consistency) {}

  /// What came of it; times in nanoseconds, of requests that were answered.
  ///
  /// @param errors how often each kind of failure was met
  record Measured(Histogram reads, Histogram writes, Map<String, Long> errors, double seconds) {}

  /// One client's share; touched by its thread alone until that has ended.
  private static final class Share {
    final Histogram reads = new Histogram(DIGITS);
    final Histogram writes = new Histogram(DIGITS);
    final Map<String, Long> errors = new TreeMap<>();
  }

  static Measured run(TidemarkClient client, Work work, Duration longest, long opsMax)
      throws InterruptedException {
    long start = Clock.SYSTEM.nanoTime();
    long end = start + longest.toNanos();
    var left = new AtomicLong(opsMax);
    var root = new SplittableRandom(work.seed());
    var shares = new ArrayList<Share>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < work.clients(); i++) {
      var share = new Share();
      SplittableRandom random = root.split();
      shares.add(share);
      threads.add(Thread.ofVirtual().start(() -> loop(client, work, random, share, end, left)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (Clock.SYSTEM.nanoTime() - start) / 1e9;
    var all = new Share();
    for (Share share : shares) {
      all.reads.add(share.reads);
      all.writes.add(share.writes);
      share.errors.forEach((kind, count) -> all.errors.merge(kind, count, Long::sum));
    }
    return new Measured(all.reads, all.writes, all.errors, seconds);
  }

  private static void loop(
      TidemarkClient client,
      Work work,
      SplittableRandom random,
      Share share,
      long end,
      AtomicLong left) {
    while (Clock.SYSTEM.nanoTime() < end && left.getAndDecrement() > 0) {
      Bytes key = Bytes.utf8("bench-" + random.nextLong(work.keyCount()));
      boolean isRead = random.nextDouble() < work.readRatio();
      long began = Clock.SYSTEM.nanoTime();
      try {
        if (isRead) {
          client.get(key, work.consistency());
        } else {
          byte[] value = new byte[work.valueBytes()];
          random.nextBytes(value);
          client.put(key, Bytes.wrap(value));
        }
        (isRead ? share.reads : share.writes).recordValue(Clock.SYSTEM.nanoTime() - began);
      } catch (TidemarkException failure) {
        share.errors.merge(failure.getClass().getSimpleName(), 1L, Long::sum);
      }
    }
  }
}
