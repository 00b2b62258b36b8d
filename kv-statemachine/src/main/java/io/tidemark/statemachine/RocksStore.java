package io.tidemark.statemachine;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompactionOptionsUniversal;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.HyperClockCache;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;
import org.rocksdb.util.StdErrLogger;

/// RocksDB as a view uses it: opened with our options, and closed with everything that belongs to
/// it.
///
/// There is one column family, so that what is written in one batch also reaches the disk together:
/// memtables are flushed in their order, and after a crash the state is that after some commit. One
/// number bounds the memory: the memtables are charged to the block cache, which also holds the
/// index and filter blocks.
///
/// Sorted runs are merged by their sizes (universal compaction), so that a run of few changes is
/// not merged into a large one: what a checkpoint shares with the one before are whole files. With
/// levels, one change in a hundred rewrote nearly all of them.
final class RocksStore {
  static {
    RocksDB.loadLibrary();
  }

  // Larger memtables were slower: their skip lists no longer fit the processor's caches.
  private static final long MEMTABLE_BYTES_MAX = 64L << 20;
  // The least that RocksDB takes.
  private static final long MEMTABLE_BYTES_MIN = 64L << 10;
  // One is written to while the others are being flushed.
  private static final int MEMTABLES_MAX = 4;
  // Every put looks its key up first; the filter spares it the walk through the skip lists.
  private static final double MEMTABLE_BLOOM_SHARE = 0.05;
  private static final int BLOCK_BYTES = 16 << 10;
  // About 1 % of the reads of absent keys go on to a data block.
  private static final double BLOOM_BITS_PER_KEY = 10;
  // What is overwritten is merged away once it takes as much as what is valid: the disk holds twice
  // the data, and thrice while that goes on.
  private static final int SIZE_AMPLIFICATION_PERCENT_MAX = 100;
  private static final int OPEN_FILES_MAX = 1_000;
  private static final long INFO_LOG_BYTES_MAX = 4L << 20;
  private static final long SYNC_EVERY_BYTES = 1L << 20;

  final RocksHandles handles = new RocksHandles();
  final ReadOptions readOptions;
  final ReadOptions memoryReadOptions;
  final WriteOptions writeOptions;
  final WriteBatch batch;
  final RocksDB db;

  // In the order in which they were opened, the newest first.
  private final Deque<AbstractNativeReference> owned = new ArrayDeque<>();

  RocksStore(Path directory, long memoryBytes) throws RocksDBException {
    this(memoryBytes, options -> RocksDB.open(options, directory.toString()));
  }

  /// What is there, unchanged: nothing can be written, not even RocksDB's own messages.
  static RocksStore readOnly(Path directory, long memoryBytes) throws RocksDBException {
    return new RocksStore(
        memoryBytes,
        options -> {
          try (var logger = new StdErrLogger(InfoLogLevel.FATAL_LEVEL)) {
            options.setLogger(logger);
            return RocksDB.openReadOnly(options, directory.toString());
          }
        });
  }

  private interface Opening {
    RocksDB open(Options options) throws RocksDBException;
  }

  private RocksStore(long memoryBytes, Opening opening) throws RocksDBException {
    boolean opened = false;
    try {
      readOptions = own(new ReadOptions());
      memoryReadOptions = own(new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER));
      writeOptions = own(new WriteOptions().setDisableWAL(true));
      batch = own(new WriteBatch());
      db = own(opening.open(options(memoryBytes)));
      opened = true;
    } finally {
      if (!opened) {
        closeOwned();
      }
    }
  }

  private Options options(long memoryBytes) {
    // The entry charge 0 lets the cache adapt to the sizes it meets; -1 lets it choose its shards.
    var cache = own(new HyperClockCache(memoryBytes, 0, -1, false));
    long memtableBytes =
        Math.clamp(memoryBytes / (2 * MEMTABLES_MAX), MEMTABLE_BYTES_MIN, MEMTABLE_BYTES_MAX);
    var table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setBlockSize(BLOCK_BYTES)
            .setFilterPolicy(own(new BloomFilter(BLOOM_BITS_PER_KEY)))
            .setIndexType(IndexType.kBinarySearch)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    return own(new Options())
        .setCreateIfMissing(true)
        .setCompactionStyle(CompactionStyle.UNIVERSAL)
        .setCompactionOptionsUniversal(
            own(
                new CompactionOptionsUniversal()
                    .setMaxSizeAmplificationPercent(SIZE_AMPLIFICATION_PERCENT_MAX)))
        .setTableFormatConfig(table)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setWriteBufferManager(own(new WriteBufferManager(memoryBytes / 2, cache)))
        .setWriteBufferSize(memtableBytes)
        .setMaxWriteBufferNumber(MEMTABLES_MAX)
        .setMemtableWholeKeyFiltering(true)
        .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_SHARE)
        .setMaxBackgroundJobs(2)
        .setMaxOpenFiles(OPEN_FILES_MAX)
        .setBytesPerSync(SYNC_EVERY_BYTES)
        .setAvoidUnnecessaryBlockingIO(true)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(INFO_LOG_BYTES_MAX)
        .setKeepLogFileNum(2);
  }

  private <H extends AbstractNativeReference> H own(H handle) {
    owned.push(handles.opened(handle));
    return handle;
  }

  /// Makes everything that was written outlive the process.
  void flush() throws RocksDBException {
    var options = handles.opened(new FlushOptions().setWaitForFlush(true));
    try {
      db.flush(options);
    } finally {
      handles.close(options);
    }
  }

  /// Makes a copy of all that was written, of hard links where the files never change. RocksDB
  /// makes it under another name and renames it when it is whole and on disk.
  void checkpoint(Path directory) throws RocksDBException {
    var checkpoint = handles.opened(Checkpoint.create(db));
    try {
      checkpoint.createCheckpoint(directory.toString());
    } finally {
      handles.close(checkpoint);
    }
  }

  /// Whether nothing is being flushed or merged, or waits to be.
  boolean isSettled() throws RocksDBException {
    return db.getLongProperty("rocksdb.num-running-compactions") == 0
        && db.getLongProperty("rocksdb.compaction-pending") == 0
        && db.getLongProperty("rocksdb.num-running-flushes") == 0;
  }

  /// Lets go of everything; flush before.
  void close() {
    closeOwned();
  }

  private void closeOwned() {
    while (!owned.isEmpty()) {
      handles.close(owned.pop());
    }
  }
}
