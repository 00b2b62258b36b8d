package io.tidemark.log.s3;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// How a process uses a log in an object store. None of it is stored, and processes that share a
/// log may have different settings, but for `trimDelay`, of which each must have the same.
///
/// @param recordBytesMax the largest record
/// @param batchBytesMax the largest sum of the records of one append
/// @param slotBytesMax appends are put together into one object up to this many bytes
/// @param queueAppendsMax how many appends wait to be sent; one more is `Overloaded`
/// @param queueBytesMax how many bytes of records wait to be sent; but an append finds room in an
///   empty queue
/// @param appendTimeout how long an append may take before its caller is told: *not appended* if it
///   was never sent, else *maybe appended*
/// @param openTimeout how long opening the log may take while the store does not answer
/// @param linger how long an idle writer waits for more to send along; zero sends at once
/// @param inFlightMax how many slots a writer without rivals sends before it hears of the first, 1
///   to 16
/// @param pollMin the shortest pause between two looks for other writers' slots, while somebody
///   reads at the tail
/// @param pollMax the longest, when nothing happens
/// @param trimDelay how long a trim is known before anything is deleted; a process that slept for
///   more than half of it looks again before it trusts what it knew. The clocks of two machines may
///   run apart, but not at more than twice the rate
/// @param recentBytesMax how many bytes of slots are kept in memory for readers near the tail
/// @param readAheadMax how many slots a reader that catches up requests at once
/// @param peers how other writers are reached, for appends that are handed to them; without it none
///   are
/// @param seams where time, chance and identity come from
public record SlotLogConfig(
    int recordBytesMax,
    int batchBytesMax,
    int slotBytesMax,
    int queueAppendsMax,
    long queueBytesMax,
    Duration appendTimeout,
    Duration openTimeout,
    Duration linger,
    int inFlightMax,
    Duration pollMin,
    Duration pollMax,
    Duration trimDelay,
    long recentBytesMax,
    int readAheadMax,
    Optional<Peers> peers,
    Seams seams) {
  /// Where time, chance and identity come from.
  ///
  /// @param timers closed with the log
  public record Seams(Clock clock, Timers timers, RandomGenerator random, Supplier<UUID> newId) {}

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException naming the setting that is out of its bounds
  public SlotLogConfig {
    within("batch bytes", batchBytesMax, 1, 32 << 20);
    within("record bytes", recordBytesMax, 1, batchBytesMax);
    within("slot bytes", slotBytesMax, 1, 32 << 20);
    within("appends in the queue", queueAppendsMax, 1, 1 << 24);
    within("bytes in the queue", queueBytesMax, 1, Long.MAX_VALUE);
    within("slots in flight", inFlightMax, 1, 16);
    within("recent bytes", recentBytesMax, 0, Long.MAX_VALUE);
    within("slots read ahead", readAheadMax, 1, 1024);
    within("milliseconds of an append", appendTimeout.toMillis(), 1, 3_600_000);
    within("milliseconds of opening", openTimeout.toMillis(), 1, 3_600_000);
    within("milliseconds of lingering", linger.toMillis(), 0, 60_000);
    within("milliseconds between polls", pollMin.toMillis(), 1, pollMax.toMillis());
    within("seconds before a trim deletes", trimDelay.toSeconds(), 1, 365L * 86_400);
  }

  /// The settings that suit most: records to 17 MiB, batches to 32 MiB, slots to 4 MiB, a queue of
  /// 16,384 appends and 64 MiB, 10 s for an append, 30 s to open, no lingering, 4 slots in flight,
  /// polling between 20 ms and 1 s, an hour before a trim deletes, 32 MiB in memory, 64 slots read
  /// ahead.
  public static SlotLogConfig of(Seams seams) {
    return new SlotLogConfig(
        17 << 20,
        32 << 20,
        4 << 20,
        16_384,
        64L << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ZERO,
        4,
        Duration.ofMillis(20),
        Duration.ofSeconds(1),
        Duration.ofHours(1),
        32L << 20,
        64,
        Optional.empty(),
        seams);
  }

  /// This, with other limits of records, batches and slots.
  public SlotLogConfig withLimits(int recordBytes, int batchBytes, int slotBytes) {
    return new SlotLogConfig(
        recordBytes,
        batchBytes,
        slotBytes,
        queueAppendsMax,
        queueBytesMax,
        appendTimeout,
        openTimeout,
        linger,
        inFlightMax,
        pollMin,
        pollMax,
        trimDelay,
        recentBytesMax,
        readAheadMax,
        peers,
        seams);
  }

  /// This, with other bounds of the queue.
  public SlotLogConfig withQueue(int appends, long bytes) {
    return new SlotLogConfig(
        recordBytesMax,
        batchBytesMax,
        slotBytesMax,
        appends,
        bytes,
        appendTimeout,
        openTimeout,
        linger,
        inFlightMax,
        pollMin,
        pollMax,
        trimDelay,
        recentBytesMax,
        readAheadMax,
        peers,
        seams);
  }

  /// This, with other time limits.
  public SlotLogConfig withTimeouts(Duration append, Duration open) {
    return new SlotLogConfig(
        recordBytesMax,
        batchBytesMax,
        slotBytesMax,
        queueAppendsMax,
        queueBytesMax,
        append,
        open,
        linger,
        inFlightMax,
        pollMin,
        pollMax,
        trimDelay,
        recentBytesMax,
        readAheadMax,
        peers,
        seams);
  }

  /// This, sending otherwise.
  public SlotLogConfig withSending(Duration lingering, int inFlight) {
    return new SlotLogConfig(
        recordBytesMax,
        batchBytesMax,
        slotBytesMax,
        queueAppendsMax,
        queueBytesMax,
        appendTimeout,
        openTimeout,
        lingering,
        inFlight,
        pollMin,
        pollMax,
        trimDelay,
        recentBytesMax,
        readAheadMax,
        peers,
        seams);
  }

  /// This, reading otherwise.
  public SlotLogConfig withReading(
      Duration shortest, Duration longest, long recentBytes, int readAhead) {
    return new SlotLogConfig(
        recordBytesMax,
        batchBytesMax,
        slotBytesMax,
        queueAppendsMax,
        queueBytesMax,
        appendTimeout,
        openTimeout,
        linger,
        inFlightMax,
        shortest,
        longest,
        trimDelay,
        recentBytes,
        readAhead,
        peers,
        seams);
  }

  /// This, deleting sooner or later.
  public SlotLogConfig withTrimDelay(Duration delay) {
    return new SlotLogConfig(
        recordBytesMax,
        batchBytesMax,
        slotBytesMax,
        queueAppendsMax,
        queueBytesMax,
        appendTimeout,
        openTimeout,
        linger,
        inFlightMax,
        pollMin,
        pollMax,
        delay,
        recentBytesMax,
        readAheadMax,
        peers,
        seams);
  }

  /// This, with others to hand appends to.
  public SlotLogConfig withPeers(Peers others) {
    return new SlotLogConfig(
        recordBytesMax,
        batchBytesMax,
        slotBytesMax,
        queueAppendsMax,
        queueBytesMax,
        appendTimeout,
        openTimeout,
        linger,
        inFlightMax,
        pollMin,
        pollMax,
        trimDelay,
        recentBytesMax,
        readAheadMax,
        Optional.of(others),
        seams);
  }

  private static void within(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what
              + " of a log in an object store lie from "
              + min
              + " to "
              + max
              + ", not at "
              + value);
    }
  }
}
