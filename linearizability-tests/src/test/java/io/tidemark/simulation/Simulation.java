package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Tail;
import io.tidemark.replica.Replica;
import io.tidemark.simulation.SwarmConfig.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/// One run of one world: everything starts, works while things go wrong, is healed, must come back,
/// and is then judged.
final class Simulation {
  /// After everything was healed, everything must be back within this time.
  private static final Duration RECOVERY_MAX = Duration.ofMinutes(1);

  private static final Duration TROUBLE_MAX = Duration.ofMinutes(5);
  private static final Duration TIME_MAX = Duration.ofMinutes(20);
  private static final long STEPS_MAX = 3_000_000;

  /// How long the plot waits before it looks again.
  private static final long LOOK_NANOS = 50_000_000;

  /// After everything was healed, so often something is written for another checkpoint.
  private static final int ROUNDS_MAX = 60;

  private static final int SEGMENT_ROUNDS = 8;
  private static final long ROUND_NANOS = 1_000_000_000;

  private static final int VIOLATIONS_TOLD_MAX = 8;
  private static final int VIOLATION_LETTERS_MAX = 1_000;
  private static final int DEEDS_TOLD_MAX = 20;

  private final Case what;
  private final Cluster cluster;
  private final Nemesis nemesis;
  private final Optional<Builder> builder;
  private final List<SimClient> clients = new ArrayList<>();
  private final SimNode.Life life;

  /// What came of a run.
  ///
  /// @param what what was run
  /// @param hash of everything that happened
  /// @param faults how often each fault was done
  /// @param probes what was met, where no rule was broken
  /// @param deeds the faults that were done, in order
  /// @param violations the rules that were broken, each with what broke it; empty if none was
  record Outcome(
      Case what,
      SwarmConfig config,
      long hash,
      long steps,
      int operations,
      int unknown,
      int acknowledgedWrites,
      Map<Fault, Integer> faults,
      Map<String, Long> effects,
      Map<Probe, Long> probes,
      List<Nemesis.Deed> deeds,
      List<String> violations) {
    /// The first rule that was broken, by its number in the plan; empty if none was.
    String brokenRule() {
      return violations.isEmpty() ? "" : ruleOf(violations.getFirst());
    }

    /// Whether this rule was broken.
    boolean breaks(String rule) {
      return violations.stream().anyMatch(each -> ruleOf(each).equals(rule));
    }

    private static String ruleOf(String violation) {
      return violation.substring(0, violation.indexOf(':'));
    }

    /// What went wrong, in which world, after which faults, and how to see it again.
    String describe() {
      var text = new StringBuilder("seed " + what.seed());
      violations.forEach(violation -> text.append("\n  ").append(violation));
      text.append("\n").append(config).append("\nfaults:");
      deeds.stream().limit(DEEDS_TOLD_MAX).forEach(deed -> text.append("\n  ").append(deed));
      if (deeds.size() > DEEDS_TOLD_MAX) {
        text.append("\n  and ").append(deeds.size() - DEEDS_TOLD_MAX).append(" more");
      }
      return text.append(deeds.isEmpty() ? " none" : "")
          .append("\nrun it again: ")
          .append(what.command())
          .toString();
    }
  }

  /// A run and what it left behind.
  record Ran(Outcome outcome, Evidence evidence) {}

  private Simulation(Cluster cluster, Case what) {
    this.what = what;
    this.cluster = cluster;
    this.nemesis = new Nemesis(cluster, what::does);
    this.builder = cluster.checkpoints().map(node -> new Builder(cluster, node));
    this.life = cluster.world().director().life();
  }

  /// Runs the world of this seed.
  static Outcome run(long seed) {
    return run(Case.of(seed), new Trace(), Invariant.all()).outcome;
  }

  /// The configuration of the world of this seed.
  static SwarmConfig config(long seed) {
    return SwarmConfig.draw(new SimRandom(seed, "config", new Trace()));
  }

  /// Runs a world, traces it, and judges it by these rules alone.
  static Ran run(Case what, Trace trace, List<Invariant> rules) {
    SwarmConfig config = config(what.seed());
    var world = new SimWorld(what.seed(), trace, config.yieldPercent());
    var cluster = Cluster.make(world, config, what.bug().plant());
    var simulation = new Simulation(cluster, what);
    Evidence evidence = cluster.evidence();
    try {
      world.run(TIME_MAX, STEPS_MAX, simulation::plot);
    } catch (SimWorld.IntrudedWorldException intruded) {
      throw intruded;
    } catch (SimWorld.StuckWorldException stuck) {
      evidence.notLive.add(String.valueOf(stuck.getMessage()));
    } finally {
      cluster.removeFiles();
    }
    evidence.surprises.addAll(world.problems());
    return new Ran(simulation.outcome(judge(evidence, rules)), evidence);
  }

  private static List<String> judge(Evidence evidence, List<Invariant> rules) {
    var violations = new ArrayList<String>();
    for (Invariant invariant : rules) {
      var told = new ArrayList<String>();
      try {
        invariant.check(evidence, told::add);
      } catch (RuntimeException failure) {
        // Evidence of a run that broke off may be too little to judge by.
        if (evidence.notLive.isEmpty()) {
          throw failure;
        }
      }
      told.stream()
          .limit(VIOLATIONS_TOLD_MAX)
          .map(each -> invariant.rule() + ": " + each)
          .forEach(each ->
              violations.add(each.substring(0, Math.min(each.length(), VIOLATION_LETTERS_MAX))));
    }
    return violations;
  }

  private Outcome outcome(List<String> violations) {
    Evidence evidence = cluster.evidence();
    SimWorld world = cluster.world();
    int unknown = 0;
    int wrote = 0;
    for (ClientOperation operation : evidence.operations) {
      unknown += operation.ended() instanceof ClientOperation.Unknown ? 1 : 0;
      wrote += operation.ended() instanceof ClientOperation.Wrote ? 1 : 0;
    }
    SimDisk disk = cluster.log().disk();
    var effects =
        Map.of(
            "messages lost", cluster.net().lost(),
            "messages held back", cluster.net().delayed(),
            "disk operations lost", disk.lost(),
            "disk writes torn", disk.torn(),
            "forces failed", disk.failedForces(),
            "writes without room", disk.refusedWrites());
    return new Outcome(
        what,
        cluster.config(),
        world.trace().hash(),
        world.steps(),
        evidence.operations.size(),
        unknown,
        wrote,
        nemesis.done(),
        effects,
        violations.isEmpty() ? Probes.of(evidence) : Map.of(),
        List.copyOf(nemesis.deeds()),
        violations);
  }

  private void plot() {
    cluster.evidence().isSparse = cluster.config().log() == SwarmConfig.LogKind.S3;
    cluster.start();
    var workload = new Workload(cluster.config());
    for (int i = 0; i < cluster.config().clients(); i++) {
      clients.add(new SimClient(cluster, workload, i));
    }
    clients.forEach(SimClient::start);
    nemesis.start();
    builder.ifPresent(Builder::start);
    waitFor(TROUBLE_MAX, () -> clients.stream().allMatch(each -> each.finished().isDone()));
    nemesis.stop();
    cluster.heal();
    var released = new CompletableFuture<Void>();
    life.spawn(
        "release",
        () -> {
          cluster.operator().release();
          released.complete(null);
        });
    expect("the log stays fenced", released::isDone);
    recover();
    builder.ifPresent(this::goOn);
    audit();
  }

  private boolean waitFor(Duration limit, BooleanSupplier condition) {
    long end = cluster.world().nowNanos() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (cluster.world().nowNanos() > end) {
        return false;
      }
      life.sleepNanos(LOOK_NANOS);
    }
    return true;
  }

  private void expect(String what, BooleanSupplier condition) {
    if (!waitFor(RECOVERY_MAX, condition)) {
      cluster.evidence().notLive.add(what);
    }
  }

  private void recover() {
    var answered = new ArrayList<CompletableFuture<Void>>();
    expect(
        "a client does not finish",
        () -> clients.stream().allMatch(each -> each.finished().isDone()));
    clients.forEach(client -> answered.add(client.untilAnswered()));
    expect("a client is not answered", () -> answered.stream().allMatch(CompletableFuture::isDone));
    for (ReplicaNode node : cluster.allReplicas()) {
      if (!cluster.straggler().equals(Optional.of(node))) {
        expect(node.node().name() + " is not there", () -> node.replica() != null);
      }
    }
  }

  /// Checkpoints are made and the log is trimmed, now that nothing goes wrong.
  private void goOn(Builder builder) {
    builder.stop();
    expect("the operator does not find the log", () -> cluster.operator().isConnected());
    SwarmConfig.Checkpoints asked = cluster.config().checkpoints().orElseThrow();
    // A journal is trimmed by whole segments.
    int bytes = Math.max(asked.everyBytes(), cluster.config().segmentBytes() / SEGMENT_ROUNDS);
    long healed = cluster.evidence().ledger.acknowledgedTail();
    boolean[] bounded = new boolean[1];
    life.spawn(
        "go on",
        () -> {
          int rounds = 0;
          while (!bounded[0] && rounds++ < ROUNDS_MAX) {
            cluster.operator().write(bytes);
            life.sleepNanos(ROUND_NANOS);
            // A window may reach back to before a clock that was wrong.
            bounded[0] =
                asked.windowMillis() == 0
                    ? cluster.evidence().trimPoint() > healed
                    : cluster.checkpoints().orElseThrow().newestVerified() > healed;
          }
        });
    expect("the log is not trimmed any more", () -> bounded[0]);
    cluster
        .straggler()
        .ifPresent(straggler -> {
          SimRandom random = cluster.world().random("straggler");
          int step = random.nextBoolean() ? 0 : random.nextInt(60);
          cluster.bringBack(straggler, step);
          expect("a replica that was behind is not there", () -> straggler.replica() != null);
        });
    var built = new boolean[1];
    life.spawn(
        "build",
        () -> {
          builder.build();
          built[0] = true;
        });
    expect("no replica can be built in the end", () -> built[0]);
  }

  private void audit() {
    Evidence evidence = cluster.evidence();
    if (!evidence.notLive.isEmpty()) {
      return;
    }
    var records = new ArrayList<LogRecord>();
    CompletableFuture<Tail.Sealed> sealed = cluster.log().sealAndRead(records);
    evidence.sealedTail = sealed.join().position();
    evidence.log = List.copyOf(records);
    evidence.isComplete = true;
    for (ReplicaNode node : cluster.allReplicas()) {
      expect(
          node.node().name() + " does not reach the tail",
          () -> {
            Replica replica = node.replica();
            return replica != null && replica.status().applied() >= evidence.sealedTail;
          });
      Map<Bytes, io.tidemark.statemachine.KeyValue> contents = node.contents();
      evidence.finalViews.add(
          new Evidence.FinalView(node.node().name(), evidence.sealedTail, contents));
    }
    var closed = new ArrayList<CompletableFuture<Void>>();
    for (ReplicaNode node : cluster.allReplicas()) {
      var done = new CompletableFuture<Void>();
      closed.add(done);
      node.node()
          .spawn(
              "close",
              () -> {
                node.close();
                done.complete(null);
              });
    }
    expect("a replica does not close", () -> closed.stream().allMatch(CompletableFuture::isDone));
    life.sleep(Duration.ofSeconds(15));
    for (ReplicaNode node : cluster.allReplicas()) {
      evidence.surprises.addAll(cluster.world().threadsOf(node.node()));
    }
  }
}
