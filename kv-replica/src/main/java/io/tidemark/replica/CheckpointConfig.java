package io.tidemark.replica;

import io.tidemark.base.Invariants;
import io.tidemark.checkpoint.CheckpointAddress;
import io.tidemark.log.s3.ObjectStore;
import java.time.Duration;

/// How a replica takes part in checkpoints. Immutable; each `with` gives a changed copy.
///
/// Replicas of one log may differ in all of it: the log decides who makes a checkpoint. What is
/// trimmed and pruned is what the most eager of them wants to.
///
/// @param store where checkpoints are kept: one place for all replicas of the log
/// @param name tells this replica from others in what it leaves in the store, for people; empty for
///   a name of its own
/// @param makes whether it makes checkpoints when they are due
/// @param verifies whether it fetches and opens what others made, so that it may be relied on
/// @param everyBytes so many bytes of records after the last mark a checkpoint is due
/// @param everyAge so long after the last mark a checkpoint is due, if anything was written since
/// @param retainBytes so many bytes of records before the tail stay in the log, for replicas that
///   lag
/// @param window so far back, in log time, the database can be restored to any revision: the log
///   and the checkpoints that this takes are kept. Zero for no such window
/// @param patience how long the maker of a checkpoint waits for somebody else to verify it, before
///   it does so itself
/// @param digestShare the share of one processor, above 0 and at most 1, that walking over the view
///   for its digest takes
/// @param installBytes a replica that starts installs a checkpoint if that spares it to fold at
///   least so many bytes of records; one whose records were trimmed does so in any case
public record CheckpointConfig(
    Store store,
    String name,
    boolean makes,
    boolean verifies,
    long everyBytes,
    Duration everyAge,
    long retainBytes,
    Duration window,
    Duration patience,
    double digestShare,
    long installBytes) {

  /// Where checkpoints are kept.
  public sealed interface Store {
    /// The store is there, and stays its giver's to close, after the replica.
    record Given(ObjectStore objects) implements Store {}

    /// The replica opens the store at this address, and closes it.
    record Owned(CheckpointAddress address) implements Store {}
  }

  /// Checks the bounds.
  public CheckpointConfig {
    Invariants.check(everyBytes > 0, "checkpoints are some bytes of log apart", everyBytes);
    Invariants.check(everyAge.isPositive(), "checkpoints are some time apart", everyAge);
    Invariants.check(retainBytes >= 0, "no less than nothing is retained", retainBytes);
    Invariants.check(!window.isNegative(), "a window reaches back", window);
    Invariants.check(!patience.isNegative(), "patience has an end", patience);
    Invariants.check(
        digestShare > 0 && digestShare <= 1, "a digest takes a share of a processor", digestShare);
    Invariants.check(installBytes > 0, "a checkpoint spares something", installBytes);
  }

  /// With the defaults: it makes and verifies; every 256 MiB of records or every hour; 64 MiB of
  /// log retained and no window; 30 s of patience, a quarter of a processor, and a checkpoint is
  /// installed at the start where it spares 16 MiB.
  public static CheckpointConfig of(Store store) {
    return new CheckpointConfig(
        store,
        "",
        true,
        true,
        256L << 20,
        Duration.ofHours(1),
        64L << 20,
        Duration.ZERO,
        Duration.ofSeconds(30),
        0.25,
        16L << 20);
  }

  /// At this address, with the defaults of [#of(Store)].
  public static CheckpointConfig of(CheckpointAddress address) {
    return of(new Store.Owned(address));
  }

  /// In a store that the caller owns, with the defaults of [#of(Store)].
  public static CheckpointConfig of(ObjectStore store) {
    return of(new Store.Given(store));
  }

  /// With this name.
  public CheckpointConfig withName(String changed) {
    return new CheckpointConfig(
        store,
        changed,
        makes,
        verifies,
        everyBytes,
        everyAge,
        retainBytes,
        window,
        patience,
        digestShare,
        installBytes);
  }

  /// With these roles.
  public CheckpointConfig withRoles(boolean changedMakes, boolean changedVerifies) {
    return new CheckpointConfig(
        store,
        name,
        changedMakes,
        changedVerifies,
        everyBytes,
        everyAge,
        retainBytes,
        window,
        patience,
        digestShare,
        installBytes);
  }

  /// With checkpoints so far apart.
  public CheckpointConfig withEvery(long changedBytes, Duration changedAge) {
    return new CheckpointConfig(
        store,
        name,
        makes,
        verifies,
        changedBytes,
        changedAge,
        retainBytes,
        window,
        patience,
        digestShare,
        installBytes);
  }

  /// With so much of the log kept.
  public CheckpointConfig withRetention(long changedBytes, Duration changedWindow) {
    return new CheckpointConfig(
        store,
        name,
        makes,
        verifies,
        everyBytes,
        everyAge,
        changedBytes,
        changedWindow,
        patience,
        digestShare,
        installBytes);
  }

  /// With this patience.
  public CheckpointConfig withPatience(Duration changed) {
    return new CheckpointConfig(
        store,
        name,
        makes,
        verifies,
        everyBytes,
        everyAge,
        retainBytes,
        window,
        changed,
        digestShare,
        installBytes);
  }

  /// With this share of a processor for digests.
  public CheckpointConfig withDigestShare(double changed) {
    return new CheckpointConfig(
        store,
        name,
        makes,
        verifies,
        everyBytes,
        everyAge,
        retainBytes,
        window,
        patience,
        changed,
        installBytes);
  }

  /// With this rule for installing at the start.
  public CheckpointConfig withInstallBytes(long changed) {
    return new CheckpointConfig(
        store,
        name,
        makes,
        verifies,
        everyBytes,
        everyAge,
        retainBytes,
        window,
        patience,
        digestShare,
        changed);
  }
}
