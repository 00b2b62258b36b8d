package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import io.tidemark.base.Invariants;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// What stands in for RocksDB on a simulated machine: a view in memory that goes back, when its
/// machine crashes, to the state after some earlier commit.
public final class ViewStore {
  /// Learns of every state of the view that a reader can see.
  public interface Observer {
    /// Everything before this position is in the rows, which have this hash: the same for the same
    /// rows. After a crash the position may be less than before.
    void committed(long applied, long hash);
  }

  /// Decides what a crash leaves: normally the older of the two states, which is the one that was
  /// written to disk last.
  public interface CrashRule {
    /// What is found after the crash.
    NavigableMap<Bytes, byte[]> left(
        NavigableMap<Bytes, byte[]> onDisk, NavigableMap<Bytes, byte[]> current);
  }

  private final RandomGenerator random;
  private final int flushPercent;
  private final CrashRule crashRule;
  private final ViewCopying copying;
  private final Observer observer;

  // Whoever holds one of these maps may read it for ever: a commit copies what others hold.
  private NavigableMap<Bytes, byte[]> onDisk;
  private @Nullable MemoryView open;

  // What a planted bug may bring back.
  private NavigableMap<Bytes, byte[]> former = empty();

  // Where it goes when it is flushed or closed, besides `onDisk`.
  private Optional<Path> home = Optional.empty();
  private boolean isAtHome;

  /// An empty view.
  ///
  /// @param flushPercent of a hundred commits, how many are on disk at once
  public ViewStore(
      RandomGenerator random,
      int flushPercent,
      CrashRule crashRule,
      ViewCopying copying,
      Observer observer) {
    this.random = random;
    this.flushPercent = flushPercent;
    this.crashRule = crashRule;
    this.copying = copying;
    this.observer = observer;
    this.onDisk = empty();
  }

  private static NavigableMap<Bytes, byte[]> empty() {
    var empty = new TreeMap<Bytes, byte[]>();
    empty.put(Rows.APPLIED_KEY, Rows.progressRow(Progress.NONE));
    return empty;
  }

  /// Opens the view that lies in a real directory, where [StoredView#checkpoint] of a view of this
  /// class made it, or begins a new one there. It is written back when it is flushed or closed.
  public static StoredView open(Path directory) {
    var store =
        new ViewStore(
            new SplittableRandom(0),
            0,
            Crashes.TO_EARLIER_COMMIT,
            ViewCopying.FAITHFUL,
            (_, _) -> {});
    store.home = Optional.of(directory);
    if (ViewFiles.areIn(directory)) {
      store.onDisk = ViewFiles.read(directory);
      store.isAtHome = true;
    }
    return store.open();
  }

  /// Puts a checkpoint of a view of this class in the place of what is on disk; the view is closed.
  public void install(Path directory) {
    Invariants.check(open == null, "a view that is open is not replaced");
    onDisk = copying.installed(former, ViewFiles.read(directory));
  }

  /// Leaves nothing on disk; the view is closed.
  public void remove() {
    Invariants.check(open == null, "a view that is open is not removed");
    former = onDisk;
    onDisk = empty();
  }

  /// What the disk holds, to be brought back by [#putBack].
  public NavigableMap<Bytes, byte[]> image() {
    return onDisk;
  }

  /// The disk holds this again; the view is closed.
  public void putBack(NavigableMap<Bytes, byte[]> image) {
    Invariants.check(open == null, "a view that is open is not replaced");
    onDisk = image;
  }

  /// Opens the view as the disk holds it.
  public StoredView open() {
    Invariants.check(open == null, "a view is open once");
    var view = new MemoryView(onDisk);
    open = view;
    observer.committed(view.applied(), view.hash);
    return view;
  }

  /// Up to where the view outlives a crash.
  public long durablyApplied() {
    return Rows.getLong(Objects.requireNonNull(onDisk.get(Rows.APPLIED_KEY)), 0);
  }

  /// Writes down all that memory holds, as RocksDB does when it pleases.
  public void flush() {
    MemoryView flushed = open;
    if (flushed != null) {
      onDisk = flushed.share();
    }
  }

  /// The machine crashes: what only memory held is lost.
  public void crash() {
    MemoryView crashed = open;
    if (crashed != null) {
      onDisk = crashRule.left(onDisk, crashed.share());
      open = null;
    }
  }

  /// What the view holds for its users, as of now: each key with all that is known of it.
  public Map<Bytes, KeyValue> contents() {
    return contents(open == null ? onDisk : open.share());
  }

  private static Map<Bytes, KeyValue> contents(NavigableMap<Bytes, byte[]> rows) {
    var contents = new TreeMap<Bytes, KeyValue>();
    rows.subMap(Rows.userKey(Bytes.EMPTY), true, Rows.USER_END, false)
        .forEach((key, row) -> {
          Bytes user = Rows.keyOfUser(key.toArray());
          contents.put(user, Rows.keyValue(user, row));
        });
    return contents;
  }

  /// What a view is, written down.
  ///
  /// @param applied everything before this position is in it
  /// @param hash of all rows, as [Observer] is told
  /// @param contents what it holds for its users
  public record Written(long applied, long hash, Map<Bytes, KeyValue> contents) {
    /// Of files that [StoredView#checkpoint] wrote.
    ///
    /// @throws IOException if they are not such files
    public static Written of(Collection<byte[]> files) throws IOException {
      var rows = new TreeMap<Bytes, byte[]>();
      for (byte[] file : files) {
        ViewFiles.read(new ByteArrayInputStream(file), rows);
      }
      byte[] applied = rows.get(Rows.APPLIED_KEY);
      if (applied == null) {
        throw new IOException("the view has no applied position");
      }
      long hash = 0;
      for (var row : rows.entrySet()) {
        hash += ViewStore.hash(row.getKey(), row.getValue());
      }
      return new Written(Rows.getLong(applied, 0), hash, ViewStore.contents(rows));
    }
  }

  private static long hash(Bytes key, byte[] row) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.at(i)) * 0x100000001b3L;
    }
    for (byte value : row) {
      hash = (hash ^ value) * 0x100000001b3L;
    }
    return hash * 0x9e3779b97f4a7c15L;
  }

  private final class MemoryView extends StoredView {
    private NavigableMap<Bytes, byte[]> rows;
    private boolean shared = true;
    private boolean closed;
    private volatile long applied;

    // The sum of the hashes of the rows: the order in which they were written does not matter.
    private long hash;

    MemoryView(NavigableMap<Bytes, byte[]> rows) {
      this.rows = rows;
      rows.forEach((key, row) -> hash += ViewStore.hash(key, row));
      applied = Rows.getLong(row(Rows.APPLIED_KEY), 0);
    }

    private byte[] row(Bytes rawKey) {
      return Objects.requireNonNull(rows.get(rawKey), "the row is there");
    }

    NavigableMap<Bytes, byte[]> share() {
      shared = true;
      return rows;
    }

    private void enter() {
      if (closed) {
        throw new ViewException.Closed(Path.of("memory"));
      }
    }

    @Override
    public long applied() {
      return applied;
    }

    @Override
    public Optional<UUID> logId() {
      byte[] row = rows.get(Rows.LOG_ID_KEY);
      return row == null
          ? Optional.empty()
          : Optional.of(new UUID(Rows.getLong(row, 0), Rows.getLong(row, Long.BYTES)));
    }

    @Override
    public Optional<KeyValue> get(Bytes key) {
      enter();
      return find(rows, key);
    }

    @Override
    public Optional<Optional<KeyValue>> getIfInMemory(Bytes key) {
      enter();
      return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(find(rows, key));
    }

    @Override
    public StoredSnapshot snapshot() {
      enter();
      return new MemorySnapshot(share(), applied, copying);
    }

    @Override
    public void flush() {
      enter();
      onDisk = share();
      if (home.isPresent() && !isAtHome) {
        ViewFiles.write(home.get(), onDisk);
        isAtHome = true;
      }
    }

    @Override
    public void checkpoint(Path directory) {
      enter();
      ViewFiles.create(directory, copying.copied(former, share()));
    }

    @Override
    public void close() {
      if (!closed) {
        flush();
        closed = true;
        open = null;
      }
    }

    @Override
    public void rebind(UUID log, long newApplied) {
      enter();
      Invariants.check(newApplied >= applied, "a view is not bound to a past", newApplied);
      Progress before = progress();
      own();
      put(Rows.LOG_ID_KEY, Rows.longs(log.getMostSignificantBits(), log.getLeastSignificantBits()));
      put(
          Rows.APPLIED_KEY,
          Rows.progressRow(new Progress(newApplied, before.logTimeMillis(), before.logBytes())));
      applied = newApplied;
    }

    @Override
    public Progress progress() {
      return Rows.progress(row(Rows.APPLIED_KEY));
    }

    @Override
    void bindTo(UUID log) {
      enter();
      own();
      put(Rows.LOG_ID_KEY, Rows.longs(log.getMostSignificantBits(), log.getLeastSignificantBits()));
      onDisk = share();
    }

    @Override
    void commit(PendingBatch pending, Progress progress) {
      long newApplied = progress.applied();
      enter();
      if (!copying.equals(ViewCopying.FAITHFUL)) {
        former = share();
      }
      Invariants.check(newApplied >= applied, "the applied position never falls", newApplied);
      own();
      for (var range : pending.removedRanges()) {
        var removed = rows.subMap(range.getKey(), true, range.getValue(), false);
        removed.forEach((key, row) -> hash -= ViewStore.hash(key, row));
        removed.clear();
      }
      try {
        pending.forEachRow(
            new PendingBatch.RowConsumer() {
              @Override
              public void written(Bytes key, byte[] row) {
                put(key, copying.kept(key, row));
              }

              @Override
              public void removed(Bytes key) {
                byte[] before = rows.remove(key);
                if (before != null) {
                  hash -= ViewStore.hash(key, before);
                }
              }
            });
      } catch (RocksDBException e) {
        throw new AssertionError("no RocksDB is here", e);
      }
      put(Rows.APPLIED_KEY, Rows.progressRow(progress));
      applied = newApplied;
      if (random.nextInt(100) < flushPercent) {
        onDisk = share();
      }
      observer.committed(newApplied, hash);
    }

    private void own() {
      isAtHome = false;
      if (shared) {
        rows = new TreeMap<>(rows);
        shared = false;
      }
    }

    private void put(Bytes key, byte[] row) {
      byte[] before = rows.put(key, row);
      hash += ViewStore.hash(key, row) - (before == null ? 0 : ViewStore.hash(key, before));
    }

    @Override
    byte @Nullable [] read(Bytes rawKey) {
      enter();
      return rows.get(rawKey);
    }

    @Override
    int peek(Bytes rawKey, byte[] head) {
      enter();
      byte[] row = rows.get(rawKey);
      return row == null ? NO_ROW : copyHead(row, head);
    }

    @Override
    RowIterator iterate(Bytes rawBegin, Bytes rawEnd) {
      enter();
      return new MemoryIterator(part(share(), rawBegin, rawEnd));
    }
  }

  private static Optional<KeyValue> find(NavigableMap<Bytes, byte[]> rows, Bytes key) {
    byte[] row = rows.get(Rows.userKey(key));
    return row == null ? Optional.empty() : Optional.of(Rows.keyValue(key, row));
  }

  private static NavigableMap<Bytes, byte[]> part(
      NavigableMap<Bytes, byte[]> rows, Bytes begin, Bytes end) {
    return begin.compareTo(end) < 0 ? rows.subMap(begin, true, end, false) : new TreeMap<>();
  }

  private static int copyHead(byte[] row, byte[] head) {
    System.arraycopy(row, 0, head, 0, Math.min(head.length, row.length));
    return row.length;
  }

  private static final class MemoryIterator extends RowIterator {
    private final NavigableMap<Bytes, byte[]> rows;
    private Map.@Nullable Entry<Bytes, byte[]> at;

    MemoryIterator(NavigableMap<Bytes, byte[]> rows) {
      this.rows = rows;
    }

    private boolean move(Map.@Nullable Entry<Bytes, byte[]> to) {
      at = to;
      return to != null;
    }

    private Map.Entry<Bytes, byte[]> here() {
      Map.Entry<Bytes, byte[]> here = at;
      if (here == null) {
        throw new IllegalStateException("it stands at no row");
      }
      return here;
    }

    @Override
    boolean seekToFirst() {
      return move(rows.firstEntry());
    }

    @Override
    boolean seekToLast() {
      return move(rows.lastEntry());
    }

    @Override
    boolean seek(Bytes key) {
      return move(rows.ceilingEntry(key));
    }

    @Override
    boolean next() {
      return move(rows.higherEntry(here().getKey()));
    }

    @Override
    boolean previous() {
      return move(rows.lowerEntry(here().getKey()));
    }

    @Override
    byte[] key() {
      return here().getKey().toArray();
    }

    @Override
    byte[] row() {
      return here().getValue().clone();
    }

    @Override
    int peek(byte[] head) {
      return copyHead(here().getValue(), head);
    }

    @Override
    public void close() {
      at = null;
    }
  }

  private static final class MemorySnapshot extends StoredSnapshot {
    private final NavigableMap<Bytes, byte[]> rows;
    private final long applied;
    private final ViewCopying copying;

    MemorySnapshot(NavigableMap<Bytes, byte[]> rows, long applied, ViewCopying copying) {
      this.rows = rows;
      this.applied = applied;
      this.copying = copying;
    }

    @Override
    public long applied() {
      return applied;
    }

    @Override
    RowIterator rows() {
      return new MemoryIterator(copying.digested(rows));
    }

    @Override
    public Optional<KeyValue> get(Bytes key) {
      return find(rows, key);
    }

    private NavigableMap<Bytes, byte[]> part(KeyRange range) {
      return range.isEmpty()
          ? new TreeMap<>()
          : ViewStore.part(rows, Rows.rangeBegin(range), Rows.rangeEnd(range));
    }

    @Override
    public Cursor scan(KeyRange range, Direction direction) {
      NavigableMap<Bytes, byte[]> found = part(range);
      var entries =
          switch (direction) {
            case FORWARD -> found.entrySet().iterator();
            case REVERSE -> found.descendingMap().entrySet().iterator();
          };
      return new Cursor() {
        private @Nullable KeyValue here;

        @Override
        public boolean next() {
          here = null;
          if (entries.hasNext()) {
            var entry = entries.next();
            here = Rows.keyValue(Rows.keyOfUser(entry.getKey().toArray()), entry.getValue());
          }
          return here != null;
        }

        @Override
        public Bytes key() {
          return keyValue().key();
        }

        @Override
        public KeyValue keyValue() {
          KeyValue found = here;
          if (found == null) {
            throw new IllegalStateException("it stands at no key");
          }
          return found;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public long count(KeyRange range) {
      return part(range).size();
    }

    @Override
    public void close() {}
  }

  /// Ways to crash that a correct view has not: each is a bug to be found.
  public static final class Crashes {
    private Crashes() {}

    /// As it should be.
    public static final CrashRule TO_EARLIER_COMMIT = (onDisk, current) -> onDisk;

    /// The data of the last commit with the applied position of an earlier one.
    public static final CrashRule POSITION_LOST = (onDisk, current) -> withApplied(current, onDisk);

    /// The applied position of the last commit with the data of an earlier one.
    public static final CrashRule DATA_LOST = (onDisk, current) -> withApplied(onDisk, current);

    /// An earlier commit without its sessions.
    public static final CrashRule SESSIONS_LOST =
        (onDisk, current) -> {
          var left = new TreeMap<>(onDisk);
          left.subMap(Rows.SESSIONS_BEGIN, true, Rows.SESSIONS_END, false).clear();
          return left;
        };

    static NavigableMap<Bytes, byte[]> withApplied(
        NavigableMap<Bytes, byte[]> data, NavigableMap<Bytes, byte[]> position) {
      var left = new TreeMap<>(data);
      left.put(
          Rows.APPLIED_KEY,
          Objects.requireNonNull(position.get(Rows.APPLIED_KEY), "a view has a position"));
      return left;
    }
  }
}
