package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import io.tidemark.base.Invariants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The view in a directory, kept by RocksDB.
///
/// RocksDB's own log is off: the shared log is the log. What is committed goes to RocksDB in one
/// batch together with the applied position, so after a crash the directory holds the state after
/// some commit, and says which. A clean [#close] loses nothing.
///
/// Any thread may read; the one thread of the [StateMachine] writes. Closing waits for reads and
/// writes that are under way and closes the snapshots and cursors that are open; whatever is called
/// afterwards fails with [ViewException.Closed]. Every method may fail with a [ViewException].
public final class RocksView extends StoredView {
  /// The least memory that a view can be given, in bytes.
  public static final long MEMORY_BYTES_MIN = 4L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(RocksView.class);
  private static final String LOCK_FILE = "view.lock";

  private final Path directory;
  // Nothing for a view that is only read.
  private final Optional<FileChannel> lock;
  private final RocksStore store;
  // Whoever uses RocksDB holds it for reading; closing takes it for writing. Not reentrant.
  private final StampedLock gate = new StampedLock();
  // Guarded by the gate.
  private boolean closed;
  private final Set<RocksSnapshot> snapshots = ConcurrentHashMap.newKeySet();
  private final Set<RocksRowIterator> iterators = ConcurrentHashMap.newKeySet();
  private volatile long applied;
  private volatile Optional<UUID> logId;

  private RocksView(Path directory, Optional<FileChannel> lock, RocksStore store)
      throws RocksDBException {
    this.directory = directory;
    this.lock = lock;
    this.store = store;
    checkFormat();
    this.applied = readApplied(store.readOptions);
    this.logId = readLogId();
  }

  /// Opens the view in the directory, or begins a new one there.
  ///
  /// @param directory is created if it is not there
  /// @param memoryBytes bounds the block cache and the memtables together; at least
  ///   [#MEMORY_BYTES_MIN]. Rows that are being read or are not yet committed come on top
  /// @throws ViewException if the directory is in use, cannot be used, or holds what is damaged or
  ///   newer than this version
  public static RocksView open(Path directory, long memoryBytes) {
    checkMemory(memoryBytes);
    FileChannel lock = lock(directory);
    return open(directory, Optional.of(lock), () -> new RocksStore(directory, memoryBytes));
  }

  /// Opens the view in the directory to be read: nothing in the directory is changed, and nothing
  /// can be written. For a copy that nobody writes to, made by [#checkpoint].
  ///
  /// @throws ViewException if there is no view, or one that is damaged or newer than this version
  public static RocksView openReadOnly(Path directory, long memoryBytes) {
    checkMemory(memoryBytes);
    if (!Files.isDirectory(directory)) {
      throw new ViewException.Damaged(directory, "no view is there", null);
    }
    return open(directory, Optional.empty(), () -> RocksStore.readOnly(directory, memoryBytes));
  }

  private static void checkMemory(long memoryBytes) {
    if (memoryBytes < MEMORY_BYTES_MIN) {
      throw new IllegalArgumentException(
          "a view needs at least " + MEMORY_BYTES_MIN + " bytes of memory, not " + memoryBytes);
    }
  }

  private interface Opening {
    RocksStore open() throws RocksDBException;
  }

  private static RocksView open(Path directory, Optional<FileChannel> lock, Opening opening) {
    @Nullable RocksStore store = null;
    boolean opened = false;
    try {
      store = opening.open();
      var view = new RocksView(directory, lock, store);
      opened = true;
      return view;
    } catch (RocksDBException e) {
      throw failed(directory, "opening", e);
    } finally {
      if (!opened) {
        if (store != null) {
          store.close();
        }
        lock.ifPresent(RocksView::unlock);
      }
    }
  }

  private static FileChannel lock(Path directory) {
    @Nullable FileChannel channel = null;
    boolean locked = false;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      locked = channel.tryLock() != null;
      if (!locked) {
        throw new ViewException.InUse(directory);
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      throw new ViewException.InUse(directory);
    } catch (IOException e) {
      throw new ViewException.StorageFailed(directory, "cannot be used: " + e, e);
    } finally {
      if (!locked && channel != null) {
        unlock(channel);
      }
    }
  }

  private static void unlock(FileChannel lock) {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("the lock file of a view could not be closed", e);
    }
  }

  private void checkFormat() throws RocksDBException {
    byte[] format = store.db.get(store.readOptions, Rows.FORMAT_KEY.unsafeArray());
    if (format == null && lock.isEmpty()) {
      throw new ViewException.Damaged(directory, "it holds no format of a view", null);
    } else if (format == null) {
      begin();
    } else if (format.length != Integer.BYTES) {
      throw new ViewException.Damaged(directory, "its format is not a number", null);
    } else {
      int found = ByteBuffer.wrap(format).getInt();
      if (found < 1) {
        throw new ViewException.Damaged(directory, "its format is " + found, null);
      }
      if (found > Rows.FORMAT) {
        throw new ViewException.NewerFormat(directory, found, Rows.FORMAT);
      }
      if (found < Rows.FORMAT) {
        throw new ViewException.OlderFormat(directory, found, Rows.FORMAT);
      }
    }
  }

  private void begin() throws RocksDBException {
    try (var any = store.db.newIterator(store.readOptions)) {
      any.seekToFirst();
      any.status();
      if (any.isValid()) {
        throw new ViewException.Damaged(directory, "it holds data but no format of a view", null);
      }
    }
    byte[] format = ByteBuffer.allocate(Integer.BYTES).putInt(Rows.FORMAT).array();
    store.batch.put(Rows.FORMAT_KEY.unsafeArray(), format);
    store.batch.put(Rows.APPLIED_KEY.unsafeArray(), Rows.progressRow(Progress.NONE));
    store.db.write(store.writeOptions, store.batch);
  }

  /// The applied position as the options see it; called inside the gate.
  long readApplied(ReadOptions options) throws RocksDBException {
    long found = readProgress(options).applied();
    if (found < 1) {
      throw new ViewException.Damaged(directory, "its applied position is " + found, null);
    }
    return found;
  }

  private Progress readProgress(ReadOptions options) throws RocksDBException {
    byte[] row = store.db.get(options, Rows.APPLIED_KEY.unsafeArray());
    if (row == null || row.length != 3 * Long.BYTES) {
      throw new ViewException.Damaged(directory, "it has no applied position", null);
    }
    return Rows.progress(row);
  }

  private Optional<UUID> readLogId() throws RocksDBException {
    byte[] row = store.db.get(store.readOptions, Rows.LOG_ID_KEY.unsafeArray());
    if (row == null) {
      return Optional.empty();
    }
    if (row.length != 2 * Long.BYTES) {
      throw new ViewException.Damaged(directory, "its log id is not a UUID", null);
    }
    return Optional.of(new UUID(Rows.getLong(row, 0), Rows.getLong(row, Long.BYTES)));
  }

  @Override
  public long applied() {
    return applied;
  }

  @Override
  public Optional<UUID> logId() {
    return logId;
  }

  @Override
  public Optional<KeyValue> get(Bytes key) {
    return get(store.readOptions, key);
  }

  Optional<KeyValue> get(ReadOptions options, Bytes key) {
    byte[] row = read(options, Rows.userKey(key));
    return row == null ? Optional.empty() : Optional.of(Rows.keyValue(key, row));
  }

  @Override
  public Optional<Optional<KeyValue>> getIfInMemory(Bytes key) {
    Bytes raw = Rows.userKey(key);
    enter();
    try {
      byte[] row = store.db.get(store.memoryReadOptions, raw.unsafeArray());
      return Optional.of(row == null ? Optional.empty() : Optional.of(Rows.keyValue(key, row)));
    } catch (RocksDBException e) {
      Status status = e.getStatus();
      if (status != null && status.getCode() == Status.Code.Incomplete) {
        return Optional.empty();
      }
      throw failed("reading", e);
    } finally {
      exit();
    }
  }

  @Override
  public StoredSnapshot snapshot() {
    enter();
    try {
      var snapshot = new RocksSnapshot(this);
      snapshots.add(snapshot);
      return snapshot;
    } catch (RocksDBException e) {
      throw failed("reading", e);
    } finally {
      exit();
    }
  }

  @Override
  public void close() {
    long stamp = gate.writeLock();
    boolean first = !closed;
    closed = true;
    gate.unlockWrite(stamp);
    if (!first) {
      return;
    }
    // Nobody is inside, and nobody comes in.
    iterators.forEach(RocksRowIterator::release);
    snapshots.forEach(RocksSnapshot::release);
    try {
      if (lock.isPresent()) {
        store.flush();
      }
    } catch (RocksDBException e) {
      throw failed("closing", e);
    } finally {
      store.close();
      lock.ifPresent(RocksView::unlock);
    }
  }

  @Override
  public boolean isSettled() {
    enter();
    try {
      return store.isSettled();
    } catch (RocksDBException e) {
      throw failed("reading", e);
    } finally {
      exit();
    }
  }

  @Override
  public void flush() {
    enter();
    try {
      store.flush();
    } catch (RocksDBException e) {
      throw failed("writing", e);
    } finally {
      exit();
    }
  }

  @Override
  public void checkpoint(Path copy) {
    enter();
    try {
      store.checkpoint(copy);
    } catch (RocksDBException e) {
      throw failed("making the checkpoint " + copy, e);
    } finally {
      exit();
    }
  }

  @Override
  public void rebind(UUID log, long newApplied) {
    Invariants.check(newApplied >= applied, "a view is not bound to a past", applied, newApplied);
    enter();
    var batch = store.batch;
    try {
      Progress there = readProgress(store.readOptions);
      var moved = new Progress(newApplied, there.logTimeMillis(), there.logBytes());
      batch.clear();
      batch.put(
          Rows.LOG_ID_KEY.unsafeArray(),
          Rows.longs(log.getMostSignificantBits(), log.getLeastSignificantBits()));
      batch.put(Rows.APPLIED_KEY.unsafeArray(), Rows.progressRow(moved));
      store.db.write(store.writeOptions, batch);
      logId = Optional.of(log);
      applied = newApplied;
    } catch (RocksDBException e) {
      throw failed("writing", e);
    } finally {
      exit();
    }
  }

  @Override
  public Progress progress() {
    enter();
    try {
      return readProgress(store.readOptions);
    } catch (RocksDBException e) {
      throw failed("reading", e);
    } finally {
      exit();
    }
  }

  @Override
  void bindTo(UUID log) {
    enter();
    try {
      store.db.put(
          store.writeOptions,
          Rows.LOG_ID_KEY.unsafeArray(),
          Rows.longs(log.getMostSignificantBits(), log.getLeastSignificantBits()));
      logId = Optional.of(log);
    } catch (RocksDBException e) {
      throw failed("writing", e);
    } finally {
      exit();
    }
  }

  @Override
  void commit(PendingBatch pending, Progress progress) {
    Invariants.check(
        progress.applied() >= applied,
        "the applied position never falls",
        applied,
        progress.applied());
    enter();
    var batch = store.batch;
    try {
      batch.clear();
      for (var range : pending.removedRanges()) {
        batch.deleteRange(range.getKey().unsafeArray(), range.getValue().unsafeArray());
      }
      pending.forEachRow(
          new PendingBatch.RowConsumer() {
            @Override
            public void written(Bytes key, byte[] row) throws RocksDBException {
              batch.put(key.unsafeArray(), row);
            }

            @Override
            public void removed(Bytes key) throws RocksDBException {
              batch.delete(key.unsafeArray());
            }
          });
      batch.put(Rows.APPLIED_KEY.unsafeArray(), Rows.progressRow(progress));
      store.db.write(store.writeOptions, batch);
      applied = progress.applied();
    } catch (RocksDBException e) {
      throw failed("writing", e);
    } finally {
      exit();
    }
  }

  @Override
  byte @Nullable [] read(Bytes rawKey) {
    return read(store.readOptions, rawKey);
  }

  private byte @Nullable [] read(ReadOptions options, Bytes rawKey) {
    enter();
    try {
      return store.db.get(options, rawKey.unsafeArray());
    } catch (RocksDBException e) {
      throw failed("reading", e);
    } finally {
      exit();
    }
  }

  @Override
  int peek(Bytes rawKey, byte[] head) {
    enter();
    try {
      int length = store.db.get(store.readOptions, rawKey.unsafeArray(), head);
      return length == RocksDB.NOT_FOUND ? NO_ROW : length;
    } catch (RocksDBException e) {
      throw failed("reading", e);
    } finally {
      exit();
    }
  }

  @Override
  RocksRowIterator iterate(Bytes rawBegin, Bytes rawEnd) {
    return iterate(Optional.empty(), rawBegin, rawEnd);
  }

  RocksRowIterator iterate(Optional<org.rocksdb.Snapshot> snapshot, Bytes rawBegin, Bytes rawEnd) {
    enter();
    try {
      var iterator = new RocksRowIterator(this, snapshot, rawBegin, rawEnd);
      iterators.add(iterator);
      return iterator;
    } finally {
      exit();
    }
  }

  void close(RocksRowIterator iterator) {
    if (tryEnter()) {
      try {
        iterators.remove(iterator);
        iterator.release();
      } finally {
        exit();
      }
    }
  }

  void close(RocksSnapshot snapshot) {
    if (tryEnter()) {
      try {
        snapshots.remove(snapshot);
        snapshot.release();
      } finally {
        exit();
      }
    }
  }

  RocksStore store() {
    return store;
  }

  Path directory() {
    return directory;
  }

  private boolean tryEnter() {
    gate.readLock();
    if (closed) {
      exit();
      return false;
    }
    return true;
  }

  /// Keeps the view from being closed until [#exit]. Never enter twice.
  void enter() {
    if (!tryEnter()) {
      throw new ViewException.Closed(directory);
    }
  }

  void exit() {
    gate.tryUnlockRead();
  }

  ViewException failed(String doing, RocksDBException e) {
    return failed(directory, doing, e);
  }

  private static ViewException failed(Path directory, String doing, RocksDBException e) {
    Status status = e.getStatus();
    Status.Code code = status == null ? Status.Code.Undefined : status.getCode();
    if (code == Status.Code.Corruption) {
      return new ViewException.Damaged(directory, doing + " failed: " + e.getMessage(), e);
    }
    boolean full = status != null && status.getSubCode() == Status.SubCode.NoSpace;
    String what = full ? "the disk is full; " : "";
    return new ViewException.StorageFailed(
        directory, what + doing + " failed: " + e.getMessage(), e);
  }
}
