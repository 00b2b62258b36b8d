package io.tidemark.server.rpc;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.grpc.stub.ServerCallStreamObserver;
import io.tidemark.api.v1.BatchGetResponse;
import io.tidemark.api.v1.Reason;
import io.tidemark.api.v1.ScanRequest;
import io.tidemark.api.v1.ScanResponse;
import io.tidemark.base.Bytes;
import io.tidemark.base.Timers;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads of many keys from one snapshot: scans and batches. They run on a few threads of their own,
/// take turns on them, and are bounded in number, so that the snapshots they hold are.
public final class SnapshotReads implements AutoCloseable {
  /// How many batches of reads are under way at a time.
  public static final int BATCHES_MAX = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotReads.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Bounds bounds;
  private final Timers timers;
  private final Semaphore scans;
  private final Semaphore batches = new Semaphore(BATCHES_MAX);
  private final ExecutorService threads;
  private final Counter refused;

  /// What these reads are held to.
  ///
  /// @param scansMax how many scans are open at a time
  /// @param scanDurationMax how long one may take
  /// @param chunkBytesMax keys and values of one part of a scan, in bytes; a single larger pair is
  ///   a part of its own
  /// @param answerBytesMax keys and values of the answer to one batch, in bytes
  public record Bounds(
      int scansMax, Duration scanDurationMax, int chunkBytesMax, long answerBytesMax) {}

  /// Starts the threads.
  ///
  /// @param timers ends scans that take too long
  /// @param threadCount how many threads read
  /// @param metrics takes the metrics `scans.*`
  public SnapshotReads(Bounds bounds, Timers timers, int threadCount, MetricRegistry metrics) {
    this.bounds = bounds;
    this.timers = timers;
    scans = new Semaphore(bounds.scansMax());
    threads =
        Executors.newFixedThreadPool(
            threadCount, Thread.ofPlatform().daemon().name("kv-scan-", 0).factory());
    refused = metrics.counter("scans.refused");
    metrics.register(
        "scans.open", (Gauge<Integer>) () -> bounds.scansMax() - scans.availablePermits());
  }

  /// Reads the keys, in order, from one snapshot.
  CompletableFuture<BatchGetResponse> batchGet(
      List<Bytes> keys, Supplier<CompletableFuture<Snapshot>> open) {
    if (!batches.tryAcquire()) {
      throw Failure.overloaded("more than " + BATCHES_MAX + " batches of reads at a time");
    }
    var answer = new CompletableFuture<BatchGetResponse>();
    var _ = answer.whenComplete((_, _) -> batches.release());
    CompletableFuture<Snapshot> opened;
    try {
      opened = open.get();
    } catch (RuntimeException refusal) {
      answer.completeExceptionally(refusal);
      return answer;
    }
    var _ =
        opened.whenComplete((snapshot, failure) -> {
          if (failure != null) {
            answer.completeExceptionally(failure);
          } else {
            run(snapshot, () -> readBatch(keys, snapshot, answer));
          }
        });
    return answer;
  }

  /// Begins to send the range to the client.
  void scan(
      ScanRequest request,
      KeyRange range,
      ServerCallStreamObserver<ScanResponse> call,
      Supplier<CompletableFuture<Snapshot>> open) {
    if (!scans.tryAcquire()) {
      refused.inc();
      throw Failure.overloaded("more than " + bounds.scansMax() + " scans are open");
    }
    var scan = new ScanCall(request, range, bounds, call, threads, scans::release);
    scan.begin(open, timers);
  }

  /// Waits for what runs to end. The service must have ended every call before.
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("reads did not end within {} s", CLOSE_TIMEOUT.toSeconds());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Snapshot snapshot, Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException closing) {
      snapshot.close();
    }
  }

  private void readBatch(
      List<Bytes> keys, Snapshot snapshot, CompletableFuture<BatchGetResponse> answer) {
    try (snapshot) {
      var response = BatchGetResponse.newBuilder().setRevision(snapshot.applied() - 1);
      long bytes = 0;
      for (Bytes key : keys) {
        var found = snapshot.get(key);
        if (found.isPresent()) {
          bytes += key.length() + found.get().value().length();
          if (bytes > bounds.answerBytesMax()) {
            throw new Failure(
                Reason.REASON_TOO_LARGE,
                "the answer has more than "
                    + bounds.answerBytesMax()
                    + " bytes, the limit; ask for fewer keys at a time");
          }
          response.addPairs(Responses.pair(found.get()));
        }
      }
      answer.complete(response.build());
    } catch (RuntimeException | Error failure) {
      answer.completeExceptionally(failure);
    }
  }
}
