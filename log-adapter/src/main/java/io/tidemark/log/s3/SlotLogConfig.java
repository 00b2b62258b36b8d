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
/// Immutable; each `with` gives a changed copy.
///
/// @param limits the largest records, batches and slots
/// @param queue what may wait to be sent
/// @param timeouts how long is waited for the store
/// @param sending how slots are sent
/// @param reading how slots are looked for and read
/// @param trimDelay how long a trim is known before anything is deleted; a process that slept for
///   more than half of it looks again before it trusts what it knew. The clocks of two machines may
///   run apart, but not at more than twice the rate
/// @param cost what requests cost, and may cost
/// @param peers how other writers are reached, for appends that are handed to them; without it none
///   are
/// @param seams where time, chance and identity come from
public record SlotLogConfig(
    Limits limits,
    Queue queue,
    Timeouts timeouts,
    Sending sending,
    Reading reading,
    Duration trimDelay,
    Cost cost,
    Optional<Peers> peers,
    Seams seams) {
  /// The largest records, batches and slots.
  ///
  /// @param recordBytesMax the largest record
  /// @param batchBytesMax the largest sum of the records of one append
  /// @param slotBytesMax appends are put together into one object up to this many bytes
  public record Limits(int recordBytesMax, int batchBytesMax, int slotBytesMax) {
    /// Checks the bounds.
    public Limits {
      within("batch bytes", batchBytesMax, 1, 32 << 20);
      within("record bytes", recordBytesMax, 1, batchBytesMax);
      within("slot bytes", slotBytesMax, 1, 32 << 20);
    }
  }

  /// What may wait to be sent.
  ///
  /// @param appendsMax how many appends; one more is `Overloaded`
  /// @param bytesMax how many bytes of records; but an append finds room in an empty queue
  public record Queue(int appendsMax, long bytesMax) {
    /// Checks the bounds.
    public Queue {
      within("appends in the queue", appendsMax, 1, 1 << 24);
      within("bytes in the queue", bytesMax, 1, Long.MAX_VALUE);
    }
  }

  /// How long is waited for the store.
  ///
  /// @param append how long an append may take before its caller is told: *not appended* if it was
  ///   never sent, else *maybe appended*
  /// @param open how long opening the log may take while the store does not answer
  public record Timeouts(Duration append, Duration open) {
    /// Checks the bounds.
    public Timeouts {
      within("milliseconds of an append", append.toMillis(), 1, 3_600_000);
      within("milliseconds of opening", open.toMillis(), 1, 3_600_000);
    }
  }

  /// How slots are sent.
  ///
  /// @param linger how long an idle writer waits for more to send along; zero sends at once
  /// @param inFlightMax how many slots a writer without rivals sends before it hears of the first,
  ///   1 to 16
  public record Sending(Duration linger, int inFlightMax) {
    /// Checks the bounds.
    public Sending {
      within("slots in flight", inFlightMax, 1, 16);
      within("milliseconds of lingering", linger.toMillis(), 0, 60_000);
    }
  }

  /// How slots are looked for and read.
  ///
  /// @param pollMin the shortest pause between two looks for other writers' slots, while somebody
  ///   reads at the tail
  /// @param pollMax the longest, when nothing happens
  /// @param recentBytesMax how many bytes of slots are kept in memory for readers near the tail
  /// @param aheadMax how many slots a reader that catches up requests at once
  public record Reading(Duration pollMin, Duration pollMax, long recentBytesMax, int aheadMax) {
    /// Checks the bounds.
    public Reading {
      within("milliseconds between polls", pollMin.toMillis(), 1, pollMax.toMillis());
      within("recent bytes", recentBytesMax, 0, Long.MAX_VALUE);
      within("slots read ahead", aheadMax, 1, 1024);
    }
  }

  /// What requests cost, and may cost.
  ///
  /// @param prices what the store charges
  /// @param budget what may be spent; without it nobody waits
  public record Cost(Prices prices, Optional<Budget> budget) {}

  /// Where time, chance and identity come from.
  ///
  /// @param timers closed with the log
  public record Seams(Clock clock, Timers timers, RandomGenerator random, Supplier<UUID> newId) {}

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException naming the setting that is out of its bounds
  public SlotLogConfig {
    within("seconds before a trim deletes", trimDelay.toSeconds(), 1, 365L * 86_400);
  }

  /// The settings that suit most: records to 17 MiB, batches to 32 MiB, slots to 4 MiB, a queue of
  /// 16,384 appends and 64 MiB, 10 s for an append, 30 s to open, no lingering, 4 slots in flight,
  /// polling between 20 ms and 1 s, 32 MiB in memory, 64 slots read ahead, an hour before a trim
  /// deletes, the prices of S3 Standard, no budget.
  public static SlotLogConfig of(Seams seams) {
    return new SlotLogConfig(
        new Limits(17 << 20, 32 << 20, 4 << 20),
        new Queue(16_384, 64L << 20),
        new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(30)),
        new Sending(Duration.ZERO, 4),
        new Reading(Duration.ofMillis(20), Duration.ofSeconds(1), 32L << 20, 64),
        Duration.ofHours(1),
        new Cost(Prices.STANDARD, Optional.empty()),
        Optional.empty(),
        seams);
  }

  /// This, with other limits of records, batches and slots.
  public SlotLogConfig withLimits(int recordBytes, int batchBytes, int slotBytes) {
    return new SlotLogConfig(
        new Limits(recordBytes, batchBytes, slotBytes),
        queue,
        timeouts,
        sending,
        reading,
        trimDelay,
        cost,
        peers,
        seams);
  }

  /// This, with other bounds of the queue.
  public SlotLogConfig withQueue(int appends, long bytes) {
    return new SlotLogConfig(
        limits,
        new Queue(appends, bytes),
        timeouts,
        sending,
        reading,
        trimDelay,
        cost,
        peers,
        seams);
  }

  /// This, with other time limits.
  public SlotLogConfig withTimeouts(Duration append, Duration open) {
    return new SlotLogConfig(
        limits, queue, new Timeouts(append, open), sending, reading, trimDelay, cost, peers, seams);
  }

  /// This, sending otherwise.
  public SlotLogConfig withSending(Duration linger, int inFlight) {
    return new SlotLogConfig(
        limits,
        queue,
        timeouts,
        new Sending(linger, inFlight),
        reading,
        trimDelay,
        cost,
        peers,
        seams);
  }

  /// This, reading otherwise.
  public SlotLogConfig withReading(
      Duration pollMin, Duration pollMax, long recentBytes, int ahead) {
    return new SlotLogConfig(
        limits,
        queue,
        timeouts,
        sending,
        new Reading(pollMin, pollMax, recentBytes, ahead),
        trimDelay,
        cost,
        peers,
        seams);
  }

  /// This, deleting sooner or later.
  public SlotLogConfig withTrimDelay(Duration delay) {
    return new SlotLogConfig(limits, queue, timeouts, sending, reading, delay, cost, peers, seams);
  }

  /// This, with other prices, and a budget or none.
  public SlotLogConfig withCost(Prices prices, Optional<Budget> budget) {
    return new SlotLogConfig(
        limits,
        queue,
        timeouts,
        sending,
        reading,
        trimDelay,
        new Cost(prices, budget),
        peers,
        seams);
  }

  /// This, with others to hand appends to.
  public SlotLogConfig withPeers(Peers others) {
    return new SlotLogConfig(
        limits, queue, timeouts, sending, reading, trimDelay, cost, Optional.of(others), seams);
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
