package io.tidemark.simulation;

import io.tidemark.simulation.SwarmConfig.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Makes things go wrong, one after the other, and mends each after a while.
final class Nemesis {
  private final Cluster cluster;
  private final SimRandom random;
  private final SimNode.Life life;
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
  private boolean over;

  Nemesis(Cluster cluster) {
    this.cluster = cluster;
    this.random = cluster.world().random("nemesis");
    this.life = cluster.world().director().life();
  }

  /// How often each fault was done.
  Map<Fault, Integer> done() {
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
    while (!over) {
      life.sleepNanos(random.nanosBetween(1, cluster.config().faultGapMillis()));
      if (!over) {
        Fault fault = random.oneOf(faults);
        cluster.world().trace().add(Trace.Kind.DEED, fault.name(), 0);
        done.merge(fault, 1, Integer::sum);
        life.spawn("fault", () -> inflict(fault));
      }
    }
  }

  private void inflict(Fault fault) {
    LogNode log = cluster.log();
    ReplicaNode replica = random.oneOf(cluster.replicas());
    switch (fault) {
      case REPLICA_CRASH -> {
        replica.crash();
        later(1, 300, replica::restart);
      }
      case VIEW_LOST -> {
        replica.crashAndLoseView();
        later(1, 300, replica::restart);
      }
      case RESTART -> replica.reopen();
      case LOG_CRASH -> {
        log.crash();
        later(1, 300, log::restart);
      }
      case LOG_CRASH_AT_DISK -> {
        log.disk().crashAfter(1 + random.nextInt(60));
        later(
            50,
            500,
            () -> {
              log.disk().mend();
              log.restart();
            });
      }
      case FORCE_ERROR -> {
        log.disk().failNextForce();
        later(100, 500, () -> bounce(log));
      }
      case DISK_FULL -> {
        log.disk().setFull(true);
        later(
            10,
            500,
            () -> {
              log.disk().setFull(false);
              bounce(log);
            });
      }
      case PAUSE -> {
        SimNode node = random.percent(25) ? log.node() : replica.node();
        node.pause();
        later(1, random.percent(10) ? 10_000 : 500, node::resume);
      }
      case PARTITION -> partition();
      case CLOCK ->
          replica
              .node()
              .setWallClock(random.nextLong(-86_400_000, 86_400_001), random.nextDouble(-0.2, 0.2));
    }
  }

  // A journal that met an error of its disk takes nothing more until it is opened again.
  private void bounce(LogNode log) {
    if (random.nextBoolean()) {
      log.crash();
      later(1, 200, log::restart);
    } else {
      log.reopen();
    }
  }

  private void partition() {
    var nodes = new ArrayList<SimNode>();
    nodes.add(cluster.log().node());
    cluster.replicas().forEach(replica -> nodes.add(replica.node()));
    SimNode one = random.oneOf(nodes);
    SimNode other = random.percent(60) ? cluster.log().node() : cluster.world().node("clients");
    if (one.equals(other)) {
      other = random.oneOf(cluster.replicas()).node();
    }
    SimNode peer = other;
    int ways = 1 + random.nextInt(3);
    if ((ways & 1) != 0) {
      cluster.net().block(one, peer);
    }
    if ((ways & 2) != 0) {
      cluster.net().block(peer, one);
    }
    later(
        10,
        random.percent(10) ? 8_000 : 800,
        () -> {
          cluster.net().unblock(one, peer);
          cluster.net().unblock(peer, one);
        });
  }

  private void later(long millisMin, long millisMax, Runnable mend) {
    life.sleepNanos(random.nanosBetween(millisMin, millisMax));
    if (!over) {
      mend.run();
    }
  }
}
