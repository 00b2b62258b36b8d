package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.replica.Environment;
import io.tidemark.replica.Replica;
import io.tidemark.replica.ReplicaConfig;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.StoredView;
import io.tidemark.statemachine.ViewStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The machine of a replica, with its view.
final class ReplicaNode {
  private static final Path NOWHERE = Path.of("simulated");

  private final SwarmConfig config;
  private final Plant plant;
  private final Evidence evidence;
  private final SimNode node;
  private final LogNode log;
  private ViewStore store;
  private final @Nullable RocksDisk rocks;
  private @Nullable Replica replica;
  private @Nullable Log remote;
  private int lives;

  ReplicaNode(
      SimWorld world,
      String name,
      SwarmConfig config,
      Plant plant,
      Evidence evidence,
      LogNode log) {
    this.config = config;
    this.plant = plant;
    this.evidence = evidence;
    this.node = world.node(name);
    this.log = log;
    this.store = emptyView();
    this.rocks = config.rocks() ? new RocksDisk(world.random("memory of " + name)) : null;
  }

  private ViewStore emptyView() {
    return new ViewStore(
        node.world().random("view of " + node.name() + lives),
        config.flushPercent(),
        plant.crashRule(),
        (applied, hash) -> {
          node.world().trace().add(Trace.Kind.DEED, applied, hash);
          evidence.viewStates.add(new Evidence.ViewState(node.name(), lives, applied, hash));
        });
  }

  SimNode node() {
    return node;
  }

  /// The replica, or null while there is none.
  @Nullable Replica replica() {
    return replica;
  }

  /// What its view holds for its users.
  Map<Bytes, KeyValue> contents() {
    return rocks == null ? store.contents() : rocks.contents();
  }

  /// Up to where its view outlives a crash.
  long durablyApplied() {
    return store.durablyApplied();
  }

  /// Its view writes down what it has.
  void flush() {
    store.flush();
  }

  private StoredView openView(Path directory, long memoryBytes) {
    return rocks == null ? store.open() : rocks.open();
  }

  /// Opens the replica.
  void start() {
    node.spawn("start", this::open);
  }

  private void open() {
    lives++;
    SimNode.Life life = node.life();
    Log overNetwork = log.connect(life);
    remote = overNetwork;
    var observed = new ObservedLog(plant.remoteLog(overNetwork, life), evidence.ledger);
    var environment =
        new Environment(
            node.clock(),
            life.timers(),
            life,
            life,
            node.world().random("replica " + node.name() + lives),
            this::openView);
    var settings =
        ReplicaConfig.of(NOWHERE, plant.replicaLog(observed, life))
            .withEnvironment(environment)
            .withTimeout(Duration.ofSeconds(2))
            .withBounds(
                new ReplicaConfig.Bounds(
                    config.waitingMax(), 64L << 20, config.waitingMax(), config.appendsInFlight()));
    var opened = Replica.open(settings);
    replica = opened;
    node.onCrash(() -> {
      replica = null;
      store.crash();
      if (rocks != null) {
        rocks.crash();
      }
    });
    var _ =
        opened
            .stopped()
            .thenAccept(why -> evidence.surprises.add(node.name() + " stopped itself: " + why));
  }

  /// Dies on the spot.
  void crash() {
    node.crash();
  }

  /// Comes back after a crash.
  void restart() {
    if (!node.isAlive()) {
      node.restart();
      start();
    }
  }

  /// Closes the replica in good order and opens it again, as in an upgrade.
  void reopen() {
    Replica open = replica;
    if (open != null && node.isAlive()) {
      replica = null;
      node.spawn(
          "reopen",
          () -> {
            close(open);
            open();
          });
    }
  }

  private void close(Replica open) {
    open.close();
    Optional.ofNullable(remote).ifPresent(Log::close);
  }

  /// Dies, and finds its disk empty.
  void crashAndLoseView() {
    node.crash();
    store = emptyView();
    if (rocks != null) {
      rocks.lose();
    }
  }

  /// Ends for good.
  void close() {
    Replica open = replica;
    if (open != null) {
      replica = null;
      close(open);
    }
    if (rocks != null) {
      rocks.lose();
    }
  }
}
