package io.tidemark.server.rpc;

import io.tidemark.base.Bytes;
import io.tidemark.replica.ReadConsistency;
import io.tidemark.replica.ReadResult;
import io.tidemark.replica.ReplicaCost;
import io.tidemark.replica.ReplicaStatus;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.Snapshot;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A replica that holds what a test puts into it, and answers or fails as a test tells it to.
final class FakeReplica implements ReplicaCalls {
  static final UUID LOG_ID = new UUID(1, 2);

  final TreeMap<Bytes, KeyValue> keys = new TreeMap<>();
  final List<Command> commands = new CopyOnWriteArrayList<>();
  final List<Optional<RequestId>> requestIds = new CopyOnWriteArrayList<>();
  final List<ReadConsistency> consistencies = new CopyOnWriteArrayList<>();
  final List<Duration> timeouts = new CopyOnWriteArrayList<>();
  final AtomicInteger snapshotsOpened = new AtomicInteger();
  final AtomicInteger snapshotsOpen = new AtomicInteger();
  final AtomicLong cursorSteps = new AtomicLong();

  volatile CompletableFuture<Result> result =
      CompletableFuture.completedFuture(new Result.Written(7));
  volatile @Nullable RuntimeException failure;
  volatile CompletableFuture<Long> tail = CompletableFuture.completedFuture(12L);
  volatile CompletableFuture<Void> snapshotGate = CompletableFuture.completedFuture(null);
  volatile long applied = 12;
  volatile Optional<ReplicaCost> cost = Optional.empty();
  volatile ReplicaStatus.State state = new ReplicaStatus.State.Running();

  void holds(String key, Bytes value) {
    Bytes bytes = Bytes.utf8(key);
    keys.put(bytes, new KeyValue(bytes, value, 3, 5, 2));
  }

  @Override
  public CompletableFuture<Result> write(
      Command command, Optional<RequestId> requestId, Duration timeout) {
    commands.add(command);
    requestIds.add(requestId);
    timeouts.add(timeout);
    RuntimeException wrong = failure;
    return wrong == null ? result : CompletableFuture.failedFuture(wrong);
  }

  @Override
  public CompletableFuture<ReadResult<Optional<KeyValue>>> get(
      Bytes key, ReadConsistency consistency, Duration timeout) {
    consistencies.add(consistency);
    timeouts.add(timeout);
    RuntimeException wrong = failure;
    return wrong == null
        ? CompletableFuture.completedFuture(
            new ReadResult<>(Optional.ofNullable(keys.get(key)), applied - 1))
        : CompletableFuture.failedFuture(wrong);
  }

  @Override
  public CompletableFuture<Snapshot> snapshot(ReadConsistency consistency, Duration timeout) {
    consistencies.add(consistency);
    timeouts.add(timeout);
    RuntimeException wrong = failure;
    return wrong == null
        ? snapshotGate.thenApply(_ -> new FakeSnapshot())
        : CompletableFuture.failedFuture(wrong);
  }

  @Override
  public CompletableFuture<Long> checkTail(Duration timeout) {
    return tail;
  }

  @Override
  public ReplicaStatus status() {
    return new ReplicaStatus(
        state, Optional.of(LOG_ID), true, applied, 0, 0, 0, 0, cost, Optional.empty());
  }

  private final class FakeSnapshot implements Snapshot {
    private boolean closed;

    FakeSnapshot() {
      snapshotsOpened.incrementAndGet();
      snapshotsOpen.incrementAndGet();
    }

    @Override
    public long applied() {
      return applied;
    }

    @Override
    public Optional<KeyValue> get(Bytes key) {
      return Optional.ofNullable(keys.get(key));
    }

    @Override
    public Cursor scan(KeyRange range, Direction direction) {
      var inRange = keys.tailMap(range.from(), true);
      if (range.to().isPresent()) {
        inRange = inRange.headMap(range.to().get(), false);
      }
      var ordered = direction == Direction.FORWARD ? inRange : inRange.descendingMap();
      return new FakeCursor(ordered.values().iterator());
    }

    @Override
    public long count(KeyRange range) {
      return keys.keySet().stream().filter(range::contains).count();
    }

    @Override
    public void close() {
      if (closed) {
        throw new IllegalStateException("closed twice");
      }
      closed = true;
      snapshotsOpen.decrementAndGet();
    }
  }

  private final class FakeCursor implements Snapshot.Cursor {
    private final Iterator<KeyValue> rest;
    private @Nullable KeyValue at;

    FakeCursor(Iterator<KeyValue> rest) {
      this.rest = rest;
    }

    @Override
    public boolean next() {
      cursorSteps.incrementAndGet();
      at = rest.hasNext() ? rest.next() : null;
      return at != null;
    }

    @Override
    public Bytes key() {
      return keyValue().key();
    }

    @Override
    public KeyValue keyValue() {
      KeyValue current = at;
      if (current == null) {
        throw new IllegalStateException("at no key");
      }
      return current;
    }

    @Override
    public void close() {}
  }
}
