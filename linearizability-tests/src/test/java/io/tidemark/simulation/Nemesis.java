package io.tidemark.simulation;

import io.tidemark.simulation.SwarmConfig.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/// Makes things go wrong, one after the other, and mends each after a while.
///
/// Each deed draws from numbers of its own, so that one that is left out leaves the others as they
/// were: the same faults, at the same times, for as long.
final class Nemesis {
  private static final long LOOK_NANOS = 500_000_000;
  private static final long BEHIND_MILLIS_MAX = 6_000;

  /// What a replica does about checkpoints and may be cut short; empty for anything.
  private static final List<String> STEPS =
      List.of(
          "",
          "put making",
          "put pieces",
          "put checkpoints",
          "put verdicts",
          "put doomed",
          "put floors",
          "put pins",
          "get pieces",
          "list",
          "delete",
          "open",
          "replace",
          "trim");

  private final Cluster cluster;
  private final IntPredicate chosen;
  private final SimNode.Life life;
  private final List<Deed> deeds = new ArrayList<>();
  private boolean over;

  /// Something that was done to the world.
  static final class Deed {
    private final int number;
    private final Fault fault;
    private final SimRandom random;
    private final long fromNanos;
    private String whom = "";
    private long toNanos;

    private Deed(int number, Fault fault, SimRandom random, long fromNanos) {
      this.number = number;
      this.fault = fault;
      this.random = random;
      this.fromNanos = fromNanos;
      this.toNanos = fromNanos;
    }

    /// Its place in the schedule, from 0.
    int number() {
      return number;
    }

    Fault fault() {
      return fault;
    }

    /// Whom it hit, and how.
    String whom() {
      return whom;
    }

    /// When it was done.
    long fromNanos() {
      return fromNanos;
    }

    /// When it was mended, or when it was done if it never was.
    long toNanos() {
      return toNanos;
    }

    @Override
    public String toString() {
      return "%d: %s %s, %d to %d us"
          .formatted(number, fault, whom, fromNanos / 1_000, toNanos / 1_000);
    }
  }

  /// @param chosen which deeds of the schedule, by number, are done
  Nemesis(Cluster cluster, IntPredicate chosen) {
    this.cluster = cluster;
    this.chosen = chosen;
    this.life = cluster.world().director().life();
  }

  /// What was done, in order.
  List<Deed> deeds() {
    return deeds;
  }

  /// How often each fault was done.
  Map<Fault, Integer> done() {
    var done = new EnumMap<Fault, Integer>(Fault.class);
    deeds.forEach(deed -> done.merge(deed.fault, 1, Integer::sum));
    return done;
  }

  /// Begins, if there is anything to do.
  void start() {
    if (!cluster.config().faults().isEmpty()) {
      life.spawn("nemesis", this::run);
    }
  }

  /// Does no more. What is under way is for [Cluster#heal] to mend.
  void stop() {
    over = true;
  }

  private void run() {
    List<Fault> faults = List.copyOf(cluster.config().faults());
    for (int number = 0; !over; number++) {
      SimRandom random = cluster.world().random("deed " + number);
      life.sleepNanos(random.nanosBetween(1, cluster.config().faultGapMillis()));
      Fault fault = random.oneOf(faults);
      if (!over && chosen.test(number)) {
        cluster.world().trace().add(Trace.Kind.DEED, fault.name(), 0);
        var deed = new Deed(number, fault, random, cluster.world().nowNanos());
        deeds.add(deed);
        life.spawn("deed", () -> inflict(deed));
      }
    }
  }

  private void inflict(Deed deed) {
    LogNode log = cluster.log();
    SimRandom random = deed.random;
    ReplicaNode replica = random.oneOf(cluster.allReplicas());
    deed.whom = replica.node().name();
    switch (deed.fault) {
      case LOG_CRASH, LOG_CRASH_AT_DISK, FORCE_ERROR, DISK_FULL -> inflictOnDisk(deed);
      case REPLICA_CRASH -> {
        replica.crash();
        mend(deed, 1, 300, replica::restart);
      }
      case VIEW_LOST -> {
        replica.crashAndLoseView();
        mend(deed, 1, 300, replica::restart);
      }
      case RESTART -> replica.reopen();
      case FENCE -> {
        deed.whom = "log";
        cluster.operator().fence("owner" + deed.number, random.nanosBetween(20, 400));
        deed.toNanos = cluster.world().nowNanos();
      }
      case TRIM -> {
        deed.whom = "log";
        cluster.operator().trim(random);
      }
      case STORE_BUSY -> {
        deed.whom = "log";
        log.bucket().setBusy(true);
        mend(deed, 10, 800, () -> log.bucket().setBusy(false));
      }
      case PAUSE -> pause(deed, replica);
      case PARTITION -> partition(deed);
      case CLOCK -> {
        long millis = random.nextLong(-86_400_000, 86_400_001);
        replica.node().setWallClock(millis, random.nextDouble(-0.2, 0.2));
        deed.whom += " by " + millis + " ms";
      }
      case CRASH_AT_CHECKPOINT, LEFT_BEHIND, CUT_OFF, OLD_DISK, CHECKPOINTS_AWAY ->
          inflictOnCheckpoints(deed, replica);
    }
  }

  private void inflictOnCheckpoints(Deed deed, ReplicaNode replica) {
    SimRandom random = deed.random;
    switch (deed.fault) {
      case CRASH_AT_CHECKPOINT -> {
        String step = random.oneOf(STEPS);
        replica.crashAtStep(step, 1 + random.nextInt(step.isEmpty() ? 60 : 3));
        mend(
            deed,
            500,
            4_000,
            () -> {
              replica.spare();
              replica.restart();
            });
      }
      case LEFT_BEHIND -> {
        replica.crash();
        waitUntilBehind(deed, replica);
        mend(deed, 1, 300, replica::restart);
      }
      case CUT_OFF -> {
        SimNode log = cluster.log().node();
        cluster.net().block(replica.node(), log);
        cluster.net().block(log, replica.node());
        waitUntilBehind(deed, replica);
        mend(
            deed,
            1,
            300,
            () -> {
              cluster.net().unblock(replica.node(), log);
              cluster.net().unblock(log, replica.node());
            });
      }
      case OLD_DISK -> {
        var image = replica.image();
        life.sleepNanos(random.nanosBetween(100, 8_000));
        if (!over) {
          replica.crashAndGoBack(image);
          mend(deed, 1, 300, replica::restart);
        }
      }
      case CHECKPOINTS_AWAY -> takeAway(deed, cluster.checkpoints().orElseThrow());
      case REPLICA_CRASH, PAUSE, PARTITION, CLOCK, RESTART, VIEW_LOST, FENCE, TRIM, STORE_BUSY ->
          throw new IllegalArgumentException("not of checkpoints: " + deed);
      case LOG_CRASH, LOG_CRASH_AT_DISK, FORCE_ERROR, DISK_FULL ->
          throw new IllegalArgumentException("not of checkpoints: " + deed);
    }
  }

  private void takeAway(Deed deed, CheckpointNode store) {
    deed.whom = store.node().name();
    boolean isBusy = deed.random.nextBoolean();
    if (isBusy) {
      store.bucket().setBusy(true);
    } else {
      store.node().pause();
    }
    mend(
        deed,
        100,
        deed.random.percent(10) ? 60_000 : 4_000,
        () -> {
          store.bucket().setBusy(false);
          store.node().resume();
        });
  }

  private void waitUntilBehind(Deed deed, ReplicaNode replica) {
    long end = cluster.world().nowNanos() + deed.random.nanosBetween(1_000, BEHIND_MILLIS_MAX);
    while (!over
        && cluster.world().nowNanos() < end
        && cluster.evidence().trimPoint() <= replica.applied()) {
      life.sleepNanos(LOOK_NANOS);
    }
  }

  private void inflictOnDisk(Deed deed) {
    LogNode log = cluster.log();
    deed.whom = log.node().name();
    switch (deed.fault) {
      case LOG_CRASH -> {
        log.crash();
        mend(deed, 1, 300, log::restart);
      }
      case LOG_CRASH_AT_DISK -> {
        if (deed.random.nextBoolean()) {
          log.disk().crashInNextForce();
        } else {
          log.disk().crashAfter(1 + deed.random.nextInt(60));
        }
        mend(
            deed,
            50,
            500,
            () -> {
              log.disk().mend();
              log.restart();
            });
      }
      case FORCE_ERROR -> {
        log.disk().failNextForce();
        mend(deed, 100, 500, () -> bounce(deed));
      }
      case DISK_FULL -> {
        log.disk().setFull(true);
        mend(
            deed,
            10,
            500,
            () -> {
              log.disk().setFull(false);
              bounce(deed);
            });
      }
      case REPLICA_CRASH, PAUSE, PARTITION, CLOCK, RESTART, VIEW_LOST, FENCE, TRIM, STORE_BUSY ->
          throw new IllegalArgumentException("not of the disk: " + deed);
      case CRASH_AT_CHECKPOINT, LEFT_BEHIND, CUT_OFF, OLD_DISK, CHECKPOINTS_AWAY ->
          throw new IllegalArgumentException("not of the disk: " + deed);
    }
  }

  private void pause(Deed deed, ReplicaNode replica) {
    int dice = deed.random.nextInt(100);
    Optional<Rival> rival = cluster.rival().filter(_ -> dice >= 60);
    SimNode node =
        rival.map(Rival::node).orElseGet(() -> dice < 25 ? cluster.log().node() : replica.node());
    deed.whom = node.name();
    node.pause();
    // Whoever holds nobody up may stand still for longer than a trim takes to delete.
    boolean long_ = deed.random.percent(rival.isPresent() ? 50 : 10);
    mend(deed, 1, long_ ? 10_000 : 500, node::resume);
  }

  // A journal that met an error of its disk takes nothing more until it is opened again.
  private void bounce(Deed deed) {
    LogNode log = cluster.log();
    if (deed.random.nextBoolean()) {
      log.crash();
      mend(deed, 1, 200, log::restart);
    } else {
      log.reopen();
    }
  }

  private void partition(Deed deed) {
    SimRandom random = deed.random;
    var nodes = new ArrayList<SimNode>();
    nodes.add(cluster.log().node());
    cluster.allReplicas().forEach(replica -> nodes.add(replica.node()));
    cluster.rival().ifPresent(rival -> nodes.add(rival.node()));
    SimNode one = random.oneOf(nodes);
    SimNode other = random.percent(60) ? cluster.log().node() : cluster.world().node("clients");
    if (cluster.checkpoints().isPresent() && random.percent(20)) {
      other = cluster.checkpoints().get().node();
    }
    if (one.equals(other)) {
      other = random.oneOf(cluster.replicas()).node();
    }
    SimNode peer = other;
    int ways = 1 + random.nextInt(3);
    if ((ways & 1) != 0) {
      cluster.net().block(one, peer);
      deed.whom = one.name() + " to " + peer.name();
    }
    if ((ways & 2) != 0) {
      cluster.net().block(peer, one);
      deed.whom = peer.name() + " to " + one.name() + (ways == 3 ? " and back" : "");
    }
    mend(
        deed,
        10,
        random.percent(10) ? 8_000 : 800,
        () -> {
          cluster.net().unblock(one, peer);
          cluster.net().unblock(peer, one);
        });
  }

  private void mend(Deed deed, long millisMin, long millisMax, Runnable mend) {
    life.sleepNanos(deed.random.nanosBetween(millisMin, millisMax));
    deed.toNanos = cluster.world().nowNanos();
    if (!over) {
      mend.run();
    }
  }
}
