package io.tidemark.log.journal;

import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/// How a journal is to be kept. None of it is stored: a journal may be opened with other settings
/// every time.
///
/// @param directory where its files are; created where there is none
/// @param segmentBytes the size of a new segment file, a multiple of 4,096 from 8 KiB to 1 GiB; a
///   batch that does not fit gets a segment of its own size
/// @param recordBytesMax the largest record
/// @param batchBytesMax the largest sum of the records of one append, at most 1 GiB
/// @param queueAppendsMax how many appends wait to be written; one more is `Overloaded`
/// @param queueBytesMax how many bytes of records wait to be written; but an append finds room in
///   an empty queue
/// @param recentBytesMax how many bytes of records are kept in memory for readers near the tail
/// @param threads makes the journal's threads, which name themselves
/// @param newLogId the id of a log that is created
public record JournalConfig(
    Path directory,
    int segmentBytes,
    int recordBytesMax,
    int batchBytesMax,
    int queueAppendsMax,
    long queueBytesMax,
    long recentBytesMax,
    ThreadFactory threads,
    Supplier<UUID> newLogId) {
  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException naming the setting that is out of its bounds
  public JournalConfig {
    within("segment bytes", segmentBytes, 8 << 10, 1 << 30);
    if (segmentBytes % SegmentHeader.BYTES != 0) {
      throw new IllegalArgumentException("segment bytes are a multiple of " + SegmentHeader.BYTES);
    }
    within("batch bytes", batchBytesMax, 1, 1 << 30);
    within("record bytes", recordBytesMax, 1, batchBytesMax);
    within("appends in the queue", queueAppendsMax, 1, 1 << 24);
    within("bytes in the queue", queueBytesMax, 1, Long.MAX_VALUE);
    within("recent bytes", recentBytesMax, 0, Long.MAX_VALUE);
  }

  /// The settings that suit most: segments of 64 MiB, records to 17 MiB, batches to 32 MiB, a queue
  /// of 16,384 appends and 64 MiB, 32 MiB in memory; daemon threads and random ids of the machine.
  public static JournalConfig of(Path directory) {
    return new JournalConfig(
        directory,
        64 << 20,
        17 << 20,
        32 << 20,
        16_384,
        64L << 20,
        32L << 20,
        task -> {
          var thread = new Thread(task);
          thread.setDaemon(true);
          return thread;
        },
        UUID::randomUUID);
  }

  /// The same with another size of segments.
  public JournalConfig withSegmentBytes(int bytes) {
    return new JournalConfig(
        directory,
        bytes,
        recordBytesMax,
        batchBytesMax,
        queueAppendsMax,
        queueBytesMax,
        recentBytesMax,
        threads,
        newLogId);
  }

  /// The same with other limits of records and batches.
  public JournalConfig withLimits(int recordBytes, int batchBytes) {
    return new JournalConfig(
        directory,
        segmentBytes,
        recordBytes,
        batchBytes,
        queueAppendsMax,
        queueBytesMax,
        recentBytesMax,
        threads,
        newLogId);
  }

  /// The same with other bounds of the queue.
  public JournalConfig withQueue(int appends, long bytes) {
    return new JournalConfig(
        directory,
        segmentBytes,
        recordBytesMax,
        batchBytesMax,
        appends,
        bytes,
        recentBytesMax,
        threads,
        newLogId);
  }

  /// The same with another bound of what is kept in memory.
  public JournalConfig withRecentBytes(long bytes) {
    return new JournalConfig(
        directory,
        segmentBytes,
        recordBytesMax,
        batchBytesMax,
        queueAppendsMax,
        queueBytesMax,
        bytes,
        threads,
        newLogId);
  }

  /// The same with other sources of threads and ids.
  public JournalConfig withSeams(ThreadFactory factory, Supplier<UUID> ids) {
    return new JournalConfig(
        directory,
        segmentBytes,
        recordBytesMax,
        batchBytesMax,
        queueAppendsMax,
        queueBytesMax,
        recentBytesMax,
        factory,
        ids);
  }

  private static void within(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what + " of a journal lie from " + min + " to " + max + ", not at " + value);
    }
  }
}
