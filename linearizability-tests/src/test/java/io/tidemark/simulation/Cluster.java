package io.tidemark.simulation;

import io.tidemark.simulation.SwarmConfig.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All machines of one world.
///
/// @param gateway what replicas do with the requests of clients
/// @param net the network between them
/// @param log the machine of the log
/// @param replicas the machines of the replicas
/// @param operator who fences and trims the log
/// @param rival who else writes to the log, if anybody
record Cluster(
    SimWorld world,
    SwarmConfig config,
    Gateway gateway,
    Evidence evidence,
    SimNet net,
    LogNode log,
    List<ReplicaNode> replicas,
    Operator operator,
    Optional<Rival> rival) {

  static Cluster make(SimWorld world, SwarmConfig config, Plant plant) {
    var evidence = new Evidence();
    var net = new SimNet(world, config.weather());
    var log = new LogNode(world, config, plant, evidence, net);
    var replicas = new ArrayList<ReplicaNode>();
    for (int i = 0; i < config.replicas(); i++) {
      replicas.add(new ReplicaNode(world, "replica" + i, config, plant, evidence, log));
    }
    var operator =
        new Operator(world.node("operator"), log, plant, evidence, List.copyOf(replicas));
    Optional<Rival> rival =
        config.log() == SwarmConfig.LogKind.S3 && config.slots().rival()
            ? Optional.of(new Rival(world.node("rival"), log, evidence))
            : Optional.empty();
    return new Cluster(
        world, config, plant.gateway(), evidence, net, log, List.copyOf(replicas), operator, rival);
  }

  void start() {
    log.start();
    replicas.forEach(ReplicaNode::start);
    operator.start();
    rival.ifPresent(Rival::start);
  }

  /// Brings back every machine and every link.
  void heal() {
    net.heal();
    rival.ifPresent(each -> {
      each.stop();
      each.node().resume();
    });
    log.disk().mend();
    log.bucket().setBusy(false);
    log.node().resume();
    if (config.faults().contains(Fault.FORCE_ERROR) || config.faults().contains(Fault.DISK_FULL)) {
      // What met an error of the disk takes no more until it is opened again.
      log.crash();
    }
    log.restart();
    for (ReplicaNode replica : replicas) {
      replica.node().resume();
      replica.restart();
    }
  }
}
