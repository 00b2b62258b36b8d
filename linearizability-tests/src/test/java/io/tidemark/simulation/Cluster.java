package io.tidemark.simulation;

import io.tidemark.simulation.ReplicaNode.CheckpointSeams;
import io.tidemark.simulation.SwarmConfig.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All machines of one world.
///
/// @param gateway what replicas do with the requests of clients
/// @param net the network between them
/// @param log the machine of the log
/// @param replicas the machines of the replicas that clients know
/// @param offBox one that serves nobody and makes checkpoints, if there is one
/// @param checkpoints the machine of the store of checkpoints, if there is one
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
    Optional<ReplicaNode> offBox,
    Optional<CheckpointNode> checkpoints,
    Operator operator,
    Optional<Rival> rival) {

  private static final long SECOND_CRASH_NANOS = 1_000_000_000;

  static Cluster make(SimWorld world, SwarmConfig config, Plant plant) {
    var evidence = new Evidence();
    var net = new SimNet(world, config.weather());
    var log = new LogNode(world, config, plant, evidence, net);
    var replicas = new ArrayList<ReplicaNode>();
    List<ReplicaNode> known = Collections.unmodifiableList(replicas);
    var operator = new Operator(world.node("operator"), log, plant, evidence, known);
    Optional<CheckpointNode> checkpoints =
        config
            .checkpoints()
            .map(_ ->
                new CheckpointNode(
                    world.node("checkpoints"), evidence, !config.faults().contains(Fault.CLOCK)));
    for (int i = 0; i < config.replicas(); i++) {
      int number = i;
      replicas.add(
          new ReplicaNode(
              world,
              "replica" + i,
              config,
              plant,
              evidence,
              log,
              checkpoints.map(node -> seams(config, number, node, net, operator))));
    }
    Optional<ReplicaNode> offBox =
        checkpoints
            .filter(_ -> cast(config) == SwarmConfig.Cast.OFF_BOX)
            .map(node -> new CheckpointSeams(true, true, node, net, operator))
            .map(seams ->
                new ReplicaNode(
                    world, "checkpointer", config, plant, evidence, log, Optional.of(seams)));
    Optional<Rival> rival =
        config.log() == SwarmConfig.LogKind.S3 && config.slots().rival()
            ? Optional.of(new Rival(world.node("rival"), log, evidence))
            : Optional.empty();
    return new Cluster(
        world,
        config,
        plant.gateway(),
        evidence,
        net,
        log,
        known,
        offBox,
        checkpoints,
        operator,
        rival);
  }

  private static SwarmConfig.Cast cast(SwarmConfig config) {
    return config.checkpoints().orElseThrow().cast();
  }

  private static CheckpointSeams seams(
      SwarmConfig config, int replica, CheckpointNode node, SimNet net, Operator operator) {
    return switch (cast(config)) {
      case ALL -> new CheckpointSeams(true, true, node, net, operator);
      case OFF_BOX -> new CheckpointSeams(false, true, node, net, operator);
      case ONE_MAKES -> new CheckpointSeams(replica == 0, replica > 0, node, net, operator);
      case NOBODY_VERIFIES -> new CheckpointSeams(true, false, node, net, operator);
    };
  }

  /// All replicas, known to clients or not.
  List<ReplicaNode> allReplicas() {
    return Stream.concat(replicas.stream(), offBox.stream()).toList();
  }

  void start() {
    log.start();
    allReplicas().forEach(ReplicaNode::start);
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
    checkpoints.ifPresent(each -> {
      each.bucket().setBusy(false);
      each.node().resume();
    });
    if (config.faults().contains(Fault.FORCE_ERROR) || config.faults().contains(Fault.DISK_FULL)) {
      // What met an error of the disk takes no more until it is opened again.
      log.crash();
    }
    log.restart();
    for (ReplicaNode replica : allReplicas()) {
      replica.spare();
      replica.node().resume();
      if (!straggler().equals(Optional.of(replica))) {
        replica.restart();
      }
    }
    straggler().ifPresent(this::holdBack);
  }

  /// The replica that is not mended with the others, if there is one.
  Optional<ReplicaNode> straggler() {
    return config
        .checkpoints()
        .filter(asked -> replicas.size() > 1 && asked.ending() != SwarmConfig.Ending.MENDED)
        .map(_ -> replicas.getLast());
  }

  private void holdBack(ReplicaNode straggler) {
    switch (config.checkpoints().orElseThrow().ending()) {
      case MENDED -> {}
      case WIPED -> straggler.crashAndLoseView();
      case LEFT_BEHIND -> straggler.crash();
      case CUT_OFF -> {
        straggler.restart();
        net.block(straggler.node(), log.node());
        net.block(log.node(), straggler.node());
      }
    }
  }

  /// Lets the straggler come back, and crash once more at this step of doing so, if it gets there.
  /// Blocks.
  void bringBack(ReplicaNode straggler, int step) {
    straggler.crashAtStep("", step);
    straggler.restart();
    net.unblock(straggler.node(), log.node());
    net.unblock(log.node(), straggler.node());
    world.director().life().sleepNanos(SECOND_CRASH_NANOS);
    straggler.spare();
    straggler.restart();
  }

  /// Leaves nothing behind on the machine that runs the tests.
  void removeFiles() {
    allReplicas().forEach(ReplicaNode::removeFiles);
  }
}
