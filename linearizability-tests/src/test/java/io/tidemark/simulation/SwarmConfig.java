package io.tidemark.simulation;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What one world is like, drawn from its seed: many different small worlds find more than one long
/// run of the same.
///
/// @param replicas how many replicas there are, from 1 to 5
/// @param clients how many clients there are, from 2 to 15
/// @param operations how many operations each client asks for
/// @param keys how many keys they share
/// @param largePercent of a hundred puts, how many are of values up to 3,000 bytes long
/// @param multiKey whether there are transactions over several keys and ranges; the histories of
///   the others are checked key by key
/// @param log what keeps the log
/// @param segmentBytes the size of the journal's segments
/// @param recentBytes what the journal keeps in memory
/// @param rocks whether the views are in RocksDB, on the machine's disk
/// @param flushPercent of a hundred commits, how many outlive a crash at once
/// @param sessionPercent of a hundred writes, how many may be sent again
/// @param callMillis how long a client waits for an answer
/// @param appendsInFlight how many appends a replica has under way
/// @param waitingMax how many writes, and how many reads, wait in a replica
/// @param queueMax how many appends wait in the journal
/// @param patience how long replicas wait for the log
/// @param weather the network
/// @param temper the disk
/// @param slots how the log in the object store is used, and what the store does
/// @param faults what goes wrong
/// @param faultGapMillis the most that passes between two faults
/// @param yieldPercent how often a thread lets others go first where it may
/// @param checkpoints how replicas make and use checkpoints, if they do
record SwarmConfig(
    int replicas,
    int clients,
    int operations,
    int keys,
    int largePercent,
    boolean multiKey,
    LogKind log,
    int segmentBytes,
    int recentBytes,
    boolean rocks,
    int flushPercent,
    int sessionPercent,
    int callMillis,
    int appendsInFlight,
    int waitingMax,
    int queueMax,
    SimRemoteLog.Patience patience,
    SimNet.Weather weather,
    SimDisk.Temper temper,
    Slots slots,
    Set<Fault> faults,
    int faultGapMillis,
    int yieldPercent,
    Optional<Checkpoints> checkpoints) {

  /// Of a hundred worlds without RocksDB, how many have checkpoints.
  private static final int CHECKPOINTS_PERCENT = 15;

  /// What keeps the log.
  enum LogKind {
    /// A journal on the simulated disk of a machine of its own.
    JOURNAL,
    /// The memory of a machine of its own, which does not fail.
    MEMORY,
    /// An object store, in which every replica has a writer of its own.
    S3
  }

  /// Whether the log is a journal.
  boolean journal() {
    return log == LogKind.JOURNAL;
  }

  /// What may go wrong.
  enum Fault {
    /// A replica dies at any step, and what its view had not written to disk is lost.
    REPLICA_CRASH,
    /// The machine of the log dies at any step, and what its disk had not forced is lost or torn.
    LOG_CRASH,
    /// The machine of the log dies in the midst of its work with the disk.
    LOG_CRASH_AT_DISK,
    /// A machine stands still while time goes on.
    PAUSE,
    /// Nothing passes between two machines, in one direction or both.
    PARTITION,
    /// A wall clock jumps by up to a day, and runs up to a fifth faster or slower.
    CLOCK,
    /// A force of the log's disk fails.
    FORCE_ERROR,
    /// The log's disk is full for a while.
    DISK_FULL,
    /// A replica is closed and opened again.
    RESTART,
    /// A replica loses its view.
    VIEW_LOST,
    /// Somebody else fences the log for a while.
    FENCE,
    /// Somebody trims the log, as far as no replica needs it.
    TRIM,
    /// The object store asks for fewer requests, for a while.
    STORE_BUSY,
    /// A replica dies in the midst of its work with checkpoints.
    CRASH_AT_CHECKPOINT,
    /// A replica is down until the log was trimmed beyond its view.
    LEFT_BEHIND,
    /// A replica runs and does not reach the log until it was trimmed beyond its view.
    CUT_OFF,
    /// A replica dies and finds its disk as it was some time ago.
    OLD_DISK,
    /// The store of checkpoints asks for fewer requests, or is away, for longer than is waited for.
    CHECKPOINTS_AWAY;

    /// Whether it is the log's disk that it hits.
    boolean isOfTheDisk() {
      return switch (this) {
        case LOG_CRASH, LOG_CRASH_AT_DISK, FORCE_ERROR, DISK_FULL -> true;
        case REPLICA_CRASH, PAUSE, PARTITION, CLOCK, RESTART, VIEW_LOST, FENCE, TRIM, STORE_BUSY ->
            false;
        case CRASH_AT_CHECKPOINT, LEFT_BEHIND, CUT_OFF, OLD_DISK, CHECKPOINTS_AWAY -> false;
      };
    }

    /// Whether it is of checkpoints.
    boolean isOfCheckpoints() {
      return compareTo(CRASH_AT_CHECKPOINT) >= 0;
    }

    /// Whether it can happen to a log of this kind.
    boolean fits(LogKind log) {
      return this == STORE_BUSY ? log == LogKind.S3 : !isOfTheDisk() || log == LogKind.JOURNAL;
    }
  }

  /// The world of this seed.
  static SwarmConfig draw(SimRandom random) {
    int dice = random.nextInt(100);
    LogKind log = dice < 45 ? LogKind.JOURNAL : dice < 55 ? LogKind.MEMORY : LogKind.S3;
    boolean rocks = random.percent(3);
    // What is in RocksDB's files its threads decide, and so what they hash to.
    Optional<Checkpoints> checkpoints =
        !rocks && random.percent(CHECKPOINTS_PERCENT)
            ? Optional.of(Checkpoints.draw(random))
            : Optional.empty();
    var faults = EnumSet.noneOf(Fault.class);
    for (Fault fault : Fault.values()) {
      if (random.nextBoolean()
          && fault.fits(log)
          && (checkpoints.isPresent() || !fault.isOfCheckpoints())) {
        faults.add(fault);
      }
    }
    // A view that was lost needs the log from its begin, and nobody knows what RocksDB wrote down.
    // Where there are checkpoints replicas trim the log themselves.
    if (checkpoints.isPresent()) {
      faults.remove(Fault.TRIM);
    } else if (rocks || (faults.contains(Fault.VIEW_LOST) && random.nextBoolean())) {
      faults.remove(Fault.TRIM);
    } else if (faults.contains(Fault.TRIM)) {
      faults.remove(Fault.VIEW_LOST);
    }
    return new SwarmConfig(
        1 + random.nextInt(5),
        2 + random.nextInt(random.percent(20) ? 14 : 5),
        20 + random.nextInt(60),
        1 + random.nextInt(8),
        random.percent(40) ? 70 : 10,
        random.percent(40),
        log,
        8192 << random.nextInt(3),
        random.nextBoolean() ? 0 : 1 << random.nextInt(16),
        rocks,
        random.nextInt(30),
        random.nextInt(101),
        log == LogKind.S3 ? 400 << random.nextInt(4) : 100 << random.nextInt(5),
        1 + random.nextInt(4),
        1 << random.nextInt(7),
        1 << random.nextInt(7),
        patience(random),
        new SimNet.Weather(
            random.nanosBetween(0, 1),
            random.nanosBetween(0, 5),
            random.nextInt(10),
            random.nextInt(5)),
        new SimDisk.Temper(
            random.nanosBetween(0, 4),
            random.nextInt(101),
            random.percent(40) ? 100 : random.nextInt(101)),
        slots(random),
        faults,
        200 << random.nextInt(5),
        random.nextInt(40),
        checkpoints);
  }

  /// How replicas make and use checkpoints.
  ///
  /// @param everyBytes so much log after the last one the next is due
  /// @param everyMillis or so long
  /// @param retainBytes so much log stays
  /// @param windowMillis so far back everything can be restored
  /// @param patienceMillis how long a maker waits for somebody else to verify
  /// @param installBytes a replica that starts rather installs than folds so much
  /// @param cast who does what
  /// @param ending what happens to one replica when all else is mended
  /// @param mischief what the store of checkpoints does
  record Checkpoints(
      int everyBytes,
      int everyMillis,
      int retainBytes,
      int windowMillis,
      int patienceMillis,
      int installBytes,
      Cast cast,
      Ending ending,
      SimObjectStore.Mischief mischief) {
    private static Checkpoints draw(SimRandom random) {
      int everyBytes = 256 << random.nextInt(6);
      return new Checkpoints(
          everyBytes,
          1_000 << random.nextInt(6),
          random.nextBoolean() ? 0 : everyBytes * random.nextInt(5),
          random.percent(75) ? 0 : 1 + random.nextInt(5_000),
          1_000 << random.nextInt(3),
          64 << random.nextInt(9),
          random.oneOf(List.of(Cast.values())),
          random.oneOf(List.of(Ending.values())),
          SwarmConfig.mischief(random, random.nextBoolean() ? 6 : 1));
    }
  }

  /// What happens to the last replica when all else is mended, if it is not the only one that makes
  /// checkpoints.
  enum Ending {
    /// It is mended like the others.
    MENDED,
    /// It has lost everything.
    WIPED,
    /// It is down until the log was trimmed beyond its view.
    LEFT_BEHIND,
    /// It runs and does not reach the log until that was trimmed beyond its view.
    CUT_OFF
  }

  /// Who does what about checkpoints.
  enum Cast {
    /// Every replica makes and verifies them.
    ALL,
    /// One more replica, which serves nobody, makes them, and all verify.
    OFF_BOX,
    /// The first replica makes them, and the others verify.
    ONE_MAKES,
    /// Every replica makes them, and each has to verify its own.
    NOBODY_VERIFIES
  }

  /// How a log in an object store is used.
  ///
  /// @param inFlightMax how many slots a writer sends before it hears of the first
  /// @param lingerMillis how long a writer waits for more to send along
  /// @param pollMillis the shortest pause between two looks for the slots of others
  /// @param trimMillis how long a trim is known before anything is deleted
  /// @param readAheadMax how many slots a reader requests at once
  /// @param rival whether another process writes to the log
  record Slots(
      int inFlightMax,
      int lingerMillis,
      int pollMillis,
      int trimMillis,
      int readAheadMax,
      boolean rival,
      SimObjectStore.Mischief mischief) {}

  private static Slots slots(SimRandom random) {
    return new Slots(
        1 + random.nextInt(random.nextBoolean() ? 1 : 16),
        random.nextBoolean() ? 0 : random.nextInt(10),
        5 + random.nextInt(30),
        1_000 + random.nextInt(3_000),
        1 + random.nextInt(8),
        random.nextBoolean(),
        mischief(random, 6));
  }

  private static SimObjectStore.Mischief mischief(SimRandom random, int percentBound) {
    return new SimObjectStore.Mischief(
        Duration.ofMillis(50 + random.nextInt(300)),
        random.nextInt(percentBound),
        random.nextInt(percentBound),
        random.nextInt(percentBound),
        random.nextInt(percentBound),
        random.nextInt(percentBound),
        random.nextInt(percentBound));
  }

  private static SimRemoteLog.Patience patience(SimRandom random) {
    return new SimRemoteLog.Patience(
        Duration.ofMillis(20 + random.nextInt(200)),
        Duration.ofMillis(100L << random.nextInt(5)),
        Duration.ofMillis(200L << random.nextInt(5)),
        Duration.ofMillis(1 + random.nextInt(200)),
        4 << random.nextInt(7));
  }
}
