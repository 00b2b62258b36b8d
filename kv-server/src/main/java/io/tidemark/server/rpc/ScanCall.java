package io.tidemark.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.tidemark.api.v1.Reason;
import io.tidemark.api.v1.ScanRequest;
import io.tidemark.api.v1.ScanResponse;
import io.tidemark.base.Timers;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Snapshot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One scan: a snapshot, a cursor on it, and a client that takes part after part.
///
/// Everything that happens to it (it begins, the client can take more, the client has gone, the
/// time is over) is a signal; signals are worked off in turns, one at a time, on a thread of
/// [SnapshotReads]. A turn sends at most one part, and only while the transport takes it: a client
/// that does not read holds a snapshot and at most one part in memory, and no thread.
final class ScanCall {
  // What a pair takes beside its key and value, roughly.
  private static final int PAIR_OVERHEAD_BYTES = 32;

  private final ScanRequest request;
  private final KeyRange range;
  private final SnapshotReads.Bounds bounds;
  private final ServerCallStreamObserver<ScanResponse> call;
  private final Executor threads;
  private final Runnable ended;

  private final AtomicInteger signals = new AtomicInteger();
  private volatile boolean cancelled;
  private volatile boolean expired;
  private volatile @Nullable Snapshot snapshot;
  private volatile @Nullable Failure refusal;
  private volatile Timers.@Nullable Timer expiry;

  // These belong to whoever has the turn.
  private boolean over;
  private Snapshot.@Nullable Cursor cursor;
  private long sent;

  /// @param ended called once, when everything the scan held was let go
  ScanCall(
      ScanRequest request,
      KeyRange range,
      SnapshotReads.Bounds bounds,
      ServerCallStreamObserver<ScanResponse> call,
      Executor threads,
      Runnable ended) {
    this.request = request;
    this.range = range;
    this.bounds = bounds;
    this.call = call;
    this.threads = threads;
    this.ended = ended;
  }

  /// Opens the snapshot and begins to send. Called once, by the handler of the call.
  void begin(Supplier<CompletableFuture<Snapshot>> open, Timers timers) {
    call.setOnReadyHandler(this::signal);
    call.setOnCancelHandler(() -> {
      cancelled = true;
      signal();
    });
    expiry =
        timers.after(
            bounds.scanDurationMax(),
            () -> {
              expired = true;
              signal();
            });
    CompletableFuture<Snapshot> opened;
    try {
      opened = open.get();
    } catch (RuntimeException refused) {
      opened = CompletableFuture.failedFuture(refused);
    }
    var _ =
        opened.whenComplete((fresh, failure) -> {
          snapshot = fresh;
          refusal = failure == null ? null : Failure.of(failure);
          signal();
        });
  }

  private void signal() {
    if (signals.getAndIncrement() == 0) {
      takeTurn();
    }
  }

  private void takeTurn() {
    try {
      threads.execute(this::turn);
    } catch (RejectedExecutionException closing) {
      letGo();
      signals.set(0);
    }
  }

  private void turn() {
    int seen = signals.get();
    if (step()) {
      signals.getAndIncrement();
    }
    if (signals.addAndGet(-seen) > 0) {
      takeTurn();
    }
  }

  /// Sends a part, if the client can take one; returns whether it can take another.
  private boolean step() {
    Snapshot from = snapshot;
    Failure refused = refusal;
    if (over || cancelled) {
      letGo();
      return false;
    }
    if (refused != null) {
      fail(refused);
      return false;
    }
    if (expired) {
      fail(
          new Failure(
              Reason.REASON_TIMED_OUT,
              "the scan took longer than " + bounds.scanDurationMax().toMillis() + " ms"));
      return false;
    }
    if (from == null || !call.isReady()) {
      return false;
    }
    try {
      return sendPart(from);
    } catch (RuntimeException | Error failure) {
      fail(Failure.of(failure));
      return false;
    }
  }

  private boolean sendPart(Snapshot from) {
    if (cursor == null) {
      cursor =
          from.scan(
              range,
              request.getReverse() ? Snapshot.Direction.REVERSE : Snapshot.Direction.FORWARD);
    }
    var part = ScanResponse.newBuilder().setRevision(from.applied() - 1);
    boolean last = fill(part, cursor);
    call.onNext(part.build());
    if (last) {
      letGo();
      call.onCompleted();
    }
    return !last && call.isReady();
  }

  /// Takes pairs until the part is full, and returns whether the scan is at its end.
  private boolean fill(ScanResponse.Builder part, Snapshot.Cursor from) {
    long bytes = 0;
    while (bytes < bounds.chunkBytesMax()) {
      boolean atLimit = request.getLimit() > 0 && sent == request.getLimit();
      boolean more = from.next();
      if (atLimit || !more) {
        part.setMore(more);
        return true;
      }
      KeyValue found = from.keyValue();
      if (request.getKeysOnly()) {
        part.addPairs(Responses.keyOnly(found));
        bytes += found.key().length() + PAIR_OVERHEAD_BYTES;
      } else {
        part.addPairs(Responses.pair(found));
        bytes += found.key().length() + found.value().length() + PAIR_OVERHEAD_BYTES;
      }
      sent++;
    }
    return false;
  }

  private void fail(Failure failure) {
    letGo();
    call.onError(failure.toStatus());
  }

  // A snapshot that arrives after the end comes by here again.
  private void letGo() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
    Snapshot held = snapshot;
    if (held != null) {
      held.close();
      snapshot = null;
    }
    if (!over) {
      over = true;
      Timers.Timer timer = expiry;
      if (timer != null) {
        timer.cancel();
      }
      ended.run();
    }
  }
}
