package io.tidemark.replica;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.RocksView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// What the tests of this package make replicas from.
final class TestParts {
  private TestParts() {}

  static Shared shared(ManualTime time, MetricRegistry registry) {
    var uptime = new Uptime(time);
    return new Shared(
        new Lifecycle(),
        uptime,
        new Deadlines(uptime, time),
        new Answers(Runnable::run),
        new ReplicaMetrics(registry));
  }

  /// A replica whose time is the test's; answers are given on the thread that has them.
  static ReplicaConfig config(Path directory, Log log, ManualTime time) {
    return config(directory, log, time, Runnable::run);
  }

  static ReplicaConfig config(Path directory, Log log, ManualTime time, Executor executor) {
    var threads = Thread.ofPlatform().daemon().factory();
    return ReplicaConfig.of(directory, log)
        .withMemoryBytes(8 << 20)
        .withEnvironment(
            new Environment(
                time,
                time,
                threads,
                executor,
                new SplittableRandom(directory.hashCode()),
                RocksView::open));
  }

  /// A record as another process would append it.
  static Bytes foreignPut(String key, String value) {
    return ProposalCodec.encode(
        new Proposal(
            99, 1, Optional.empty(), 7, new Command.Put(Bytes.utf8(key), Bytes.utf8(value))));
  }

  /// The future's value, which is to come soon.
  static <T> T soon(CompletableFuture<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new AssertionError("failed: " + failed.getCause(), failed.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("no answer came", e);
    }
  }

  /// The failure of a future, which is to come soon.
  static ReplicaException failure(CompletableFuture<?> future) {
    try {
      Object value = future.get(20, TimeUnit.SECONDS);
      throw new AssertionError("did not fail: " + value);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      if (cause instanceof ReplicaException known) {
        return known;
      }
      throw new AssertionError("failed in another way", cause);
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("no answer came", e);
    }
  }

  /// Waits until something holds that other threads bring about.
  static void eventually(BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come to hold");
      }
      LockSupport.parkNanos(200_000);
    }
  }
}
