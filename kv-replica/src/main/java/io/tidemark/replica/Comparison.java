package io.tidemark.replica;

import io.tidemark.checkpoint.Catalogue;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.statemachine.Digests.Digested;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What this replica's content came to at marks, held against the checkpoints that were made there.
/// One thread uses it.
final class Comparison {
  /// Digests of so many marks are remembered.
  private static final int DIGESTS_MAX = 64;

  private final Checkpointing common;
  private final TreeMap<Long, Digested> own = new TreeMap<>();
  private final Map<Long, Long> ripeNanos = new TreeMap<>();
  private final Set<Long> judged = new HashSet<>();

  Comparison(Checkpointing common) {
    this.common = common;
  }

  /// At this position the replica held what comes to this digest.
  void add(long position, Digested digested) {
    own.put(position, digested);
    if (own.size() > DIGESTS_MAX) {
      long forgotten = own.pollFirstEntry().getKey();
      ripeNanos.remove(forgotten);
      judged.remove(forgotten);
    }
  }

  Optional<Digested> own(long position) {
    return Optional.ofNullable(own.get(position));
  }

  /// The newest checkpoint about which somebody is wrong: it is not what this replica held there;
  /// or it is this replica's own, and somebody who had a reason said that it is not to be used.
  Optional<Checkpoint> disputed(Catalogue catalogue) {
    return catalogue.checkpoints().reversed().stream()
        .filter(one -> own.containsKey(one.position()) && !judged.contains(one.position()))
        .filter(one -> differs(one) || isOwnDoomed(one, catalogue))
        .findFirst();
  }

  /// It was found out who is right about this one.
  void judged(Checkpoint checkpoint) {
    judged.add(checkpoint.position());
  }

  /// The newest checkpoint that is to be verified by this replica now: newer than any that was, of
  /// the same digest as this replica's content, and nobody did so in the time that others have for
  /// it. Its time comes even where another one follows before.
  Optional<Checkpoint> ripe(Catalogue catalogue) {
    long after = catalogue.newestVerified().map(Checkpoint::position).orElse(0L);
    return catalogue.usable().reversed().stream()
        .filter(one -> one.position() > after && agrees(one) && isRipe(one))
        .findFirst();
  }

  private boolean agrees(Checkpoint one) {
    return own.containsKey(one.position()) && !differs(one);
  }

  private boolean differs(Checkpoint one) {
    var told = new Digested(one.manifest().facts().digest(), one.manifest().facts().rows());
    return !told.equals(own.get(one.position()));
  }

  /// What the retention dooms is older than a verified one; what was doomed as newer was found
  /// wrong.
  private boolean isOwnDoomed(Checkpoint one, Catalogue catalogue) {
    return one.doomed().isPresent()
        && isOwn(one)
        && catalogue.verified().stream().noneMatch(later -> later.position() > one.position());
  }

  private boolean isOwn(Checkpoint one) {
    return one.manifest().facts().maker().equals(common.name());
  }

  /// Others begin at different moments, so that the first spares the rest the work; the maker waits
  /// for all of them.
  private boolean isRipe(Checkpoint one) {
    long patience = common.config().patience().toNanos();
    long now = common.shared().uptime().nanos();
    if (!isOwn(one) && !common.config().verifies()) {
      return false;
    }
    long spread = Math.max(1, patience / 3);
    long ripe =
        ripeNanos.computeIfAbsent(
            one.position(),
            _ -> now + (isOwn(one) ? patience : common.environment().random().nextLong(spread)));
    return now >= ripe;
  }

  /// How soon to look again: soon while something is expected.
  static Duration soon(Duration patience) {
    Duration sixth = patience.dividedBy(6);
    Duration least = Duration.ofMillis(250);
    return sixth.compareTo(least) < 0 ? least : sixth;
  }
}
