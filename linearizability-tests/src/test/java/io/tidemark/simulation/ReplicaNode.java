package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.replica.CheckpointConfig;
import io.tidemark.replica.CheckpointStatus;
import io.tidemark.replica.Environment;
import io.tidemark.replica.Replica;
import io.tidemark.replica.ReplicaConfig;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.StoredView;
import io.tidemark.statemachine.ViewStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
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
  private final Optional<CheckpointSeams> checkpoints;
  private ViewStore store;
  private final @Nullable RocksDisk rocks;
  private final Optional<ReplicaDisk> disk;
  private @Nullable Replica replica;
  private @Nullable Log remote;
  private int lives;
  private int commits;

  // So many steps of this kind of its work with checkpoints until it crashes; 0 if it does not.
  private int stepsToCrash;
  private String stepOfCrash = "";

  /// What the replica does about checkpoints, and what of.
  ///
  /// @param node the machine of their store
  /// @param net leads there
  /// @param operator keeps what is trimmed
  record CheckpointSeams(
      boolean makes, boolean verifies, CheckpointNode node, SimNet net, Operator operator) {}

  ReplicaNode(
      SimWorld world,
      String name,
      SwarmConfig config,
      Plant plant,
      Evidence evidence,
      LogNode log,
      Optional<CheckpointSeams> checkpoints) {
    this.config = config;
    this.plant = plant;
    this.evidence = evidence;
    this.node = world.node(name);
    this.log = log;
    this.checkpoints = checkpoints;
    this.store = emptyView();
    this.rocks = config.rocks() ? new RocksDisk(world.random("memory of " + name)) : null;
    this.disk = checkpoints.map(_ -> new ReplicaDisk(store, new Disked()));
  }

  private final class Disked implements ReplicaDisk.Events {
    @Override
    public void step(String what) {
      if (stepsToCrash > 0 && what.startsWith(stepOfCrash) && --stepsToCrash == 0) {
        crash();
      }
      node.world().mayYield();
    }

    @Override
    public void replaced(long before) {
      boolean isRunning = commits > 1;
      evidence.probes.met(
          before <= Log.START
              ? Probe.EMPTY_VIEW_INSTALLED
              : isRunning ? Probe.HEALED_WHILE_RUNNING : Probe.HEALED_AT_THE_START);
    }
  }

  private ViewStore emptyView() {
    return new ViewStore(
        node.world().random("view of " + node.name() + lives),
        config.flushPercent(),
        plant.crashRule(),
        plant.copying(node.name()),
        (applied, hash) -> {
          commits++;
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

  /// Up to where its view is, or was when it died.
  long applied() {
    Replica open = replica;
    return open == null ? store.durablyApplied() : open.status().applied();
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
    commits = 0;
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
            disk.<Environment.Views>map(each -> each).orElse(this::openView));
    Log used = plant.replicaLog(trimming(observed), life);
    var settings =
        ReplicaConfig.of(disk.map(ReplicaDisk::directory).orElse(NOWHERE), used)
            .withEnvironment(environment)
            .withTimeout(Duration.ofSeconds(2))
            .withBounds(
                new ReplicaConfig.Bounds(
                    config.waitingMax(), 64L << 20, config.waitingMax(), config.appendsInFlight()));
    var opened =
        Replica.open(
            checkpoints
                .map(seams -> settings.withCheckpoints(checkpointing(seams, life)))
                .orElse(settings));
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

  private Log trimming(Log observed) {
    return checkpoints
        .<Log>map(seams ->
            new TrimmingLog(
                observed,
                node.name(),
                upTo -> plant.trimUpTo(upTo, evidence.ledger.acknowledgedTail()),
                new Disked(),
                seams.operator(),
                seams.node(),
                evidence))
        .orElse(observed);
  }

  private CheckpointConfig checkpointing(CheckpointSeams seams, SimNode.Life life) {
    SwarmConfig.Checkpoints asked = config.checkpoints().orElseThrow();
    var store =
        new SimObjectStore(
            "checkpoints",
            seams.net(),
            life,
            seams.node().bucket(),
            asked.mischief(),
            evidence.probes);
    return CheckpointConfig.of(new CheckpointClient(plant.checkpoints(store), new Disked()))
        .withName(node.name())
        .withRoles(seams.makes(), seams.verifies())
        .withEvery(asked.everyBytes(), Duration.ofMillis(asked.everyMillis()))
        .withRetention(asked.retainBytes(), Duration.ofMillis(asked.windowMillis()))
        .withPatience(Duration.ofMillis(asked.patienceMillis()))
        .withInstallBytes(asked.installBytes());
  }

  /// Dies on the spot.
  void crash() {
    Replica dying = replica;
    if (dying != null && node.isAlive()) {
      dying.status().checkpoints().ifPresent(this::noteWhatIsCutShort);
    }
    stepsToCrash = 0;
    node.crash();
  }

  private void noteWhatIsCutShort(CheckpointStatus status) {
    Map.of(
            "uploading", Probe.CRASHED_UPLOADING,
            "verifying", Probe.CRASHED_VERIFYING,
            "installing", Probe.CRASHED_INSTALLING,
            "pruning", Probe.CRASHED_PRUNING,
            "trimming", Probe.CRASHED_TRIMMING)
        .forEach((work, probe) -> {
          if (status.doing().startsWith(work)) {
            evidence.probes.met(probe);
          }
        });
  }

  /// Dies at the next step of its work with checkpoints that begins so, or at a later one.
  void crashAtStep(String what, int steps) {
    stepOfCrash = what;
    stepsToCrash = steps;
  }

  /// Does not die where it was to.
  void spare() {
    stepsToCrash = 0;
  }

  /// What its disk holds of the view.
  NavigableMap<Bytes, byte[]> image() {
    return store.image();
  }

  /// Dies, and finds its disk as it was.
  void crashAndGoBack(NavigableMap<Bytes, byte[]> image) {
    crash();
    if (!node.isAlive()) {
      store.putBack(image);
    }
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
    crash();
    disk.ifPresentOrElse(ReplicaDisk::clear, () -> store = emptyView());
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

  /// Leaves nothing behind on the machine that runs the tests.
  void removeFiles() {
    disk.ifPresent(ReplicaDisk::remove);
  }
}
