package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A view of which chance, not the threads of RocksDB, decides what is in memory: compactions end
/// when they please, and a seeded world must not depend on that.
public final class DrawnView extends StoredView {
  private final StoredView view;
  private final RandomGenerator random;

  /// The same view, which is closed with this.
  public DrawnView(StoredView view, RandomGenerator random) {
    this.view = view;
    this.random = random;
  }

  @Override
  public Optional<Optional<KeyValue>> getIfInMemory(Bytes key) {
    return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(view.get(key));
  }

  @Override
  public long applied() {
    return view.applied();
  }

  @Override
  public Optional<UUID> logId() {
    return view.logId();
  }

  @Override
  public Optional<KeyValue> get(Bytes key) {
    return view.get(key);
  }

  @Override
  public StoredSnapshot snapshot() {
    return view.snapshot();
  }

  @Override
  public void flush() {
    view.flush();
  }

  @Override
  public void checkpoint(Path directory) {
    view.checkpoint(directory);
  }

  @Override
  public void rebind(UUID log, long newApplied) {
    view.rebind(log, newApplied);
  }

  @Override
  public void close() {
    view.close();
  }

  @Override
  public Progress progress() {
    return view.progress();
  }

  @Override
  void bindTo(UUID log) {
    view.bindTo(log);
  }

  @Override
  void commit(PendingBatch pending, Progress progress) {
    view.commit(pending, progress);
  }

  @Override
  byte @Nullable [] read(Bytes rawKey) {
    return view.read(rawKey);
  }

  @Override
  int peek(Bytes rawKey, byte[] head) {
    return view.peek(rawKey, head);
  }

  @Override
  RowIterator iterate(Bytes rawBegin, Bytes rawEnd) {
    return view.iterate(rawBegin, rawEnd);
  }
}
