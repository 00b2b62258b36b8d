package io.tidemark.replica;

import io.tidemark.log.Log;
import io.tidemark.log.Logs;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// The parts of one replica and how they hang together.
///
/// @param shared what they have in common
/// @param view what the [Applier] folds into
/// @param folded how far it is
/// @param writes the writes that are not answered
/// @param appender gives them to the log
/// @param writePath from a command to the appender
/// @param reads the read path
/// @param applier follows the log
/// @param costs what the log costs
/// @param checkpoints the part that it takes in checkpoints
/// @param owned closes what was made for this replica alone: its log, and its environment
record Assembly(
    Shared shared,
    CurrentView view,
    Folded folded,
    WriteTable writes,
    Appender appender,
    WritePath writePath,
    Reads reads,
    Applier applier,
    CostWatch costs,
    Optional<Checkpoints> checkpoints,
    Owned owned) {

  /// The part that a replica takes in checkpoints.
  ///
  /// @param healer replaces a view that lacks what the log no longer has
  /// @param agent does everything else
  /// @param board tells of it
  record Checkpoints(Healer healer, Checkpointer agent, Board board) {
    CheckpointStatus status() {
      return board.status();
    }
  }

  static Assembly open(ReplicaConfig config) {
    var owned = new Owned();
    try {
      return open(config, owned);
    } catch (RuntimeException | Error failure) {
      owned.close();
      throw failure;
    }
  }

  private static Assembly open(ReplicaConfig config, Owned owned) {
    var metrics = owned.add(new ReplicaMetrics(config.metrics()), ReplicaMetrics::unregister);
    Environment environment = config.environment().orElseGet(() -> MachineEnvironment.make(owned));
    Log log = log(config, owned);
    owned.add(LogMetrics.register(config.metrics(), log), LogMetrics::unregister);
    var view =
        owned.add(
            new CurrentView(environment.views(), config.directory(), config.memoryBytes()),
            CurrentView::close);
    Shared shared = shared(environment, metrics);
    ReplicaConfig.Bounds bounds = config.bounds();
    var reads = new Reads(log, view, bounds.readsMax(), shared);
    var writes = new WriteTable(bounds, metrics);
    var appender = new Appender(log, writes, reads.tails(), bounds.appendsInFlightMax(), shared);
    shared.deadlines().watch(appender);
    long proposer = environment.random().nextLong();
    var writePath = new WritePath(writes, appender, proposer, environment.clock(), shared);
    var folded = new Folded();
    Optional<Checkpoints> checkpoints =
        config
            .checkpoints()
            .map(asked -> {
              var common = common(asked, config, environment, log, folded, proposer, shared, owned);
              return checkpoints(common, view, writePath, reads.tails(), config);
            });
    var applier =
        new Applier(
            log,
            view,
            folded,
            checkpoints.<Applier.Healing>map(Checkpoints::healer).orElse(Applier.Healing.NONE),
            checkpoints.<Applier.Marks>map(Checkpoints::agent).orElse(Applier.Marks.NONE),
            writePath,
            reads,
            environment);
    var costs = new CostWatch(log::cost, metrics.readsLinearizable::getCount, shared.uptime());
    var assembly =
        new Assembly(
            shared,
            view,
            folded,
            writes,
            appender,
            writePath,
            reads,
            applier,
            costs,
            checkpoints,
            owned);
    shared.lifecycle().onStop(assembly::stopped);
    assembly.registerGauges();
    applier.start();
    checkpoints.ifPresent(part -> part.agent().start());
    return assembly;
  }

  private static Log log(ReplicaConfig config, Owned owned) {
    return switch (config.log()) {
      case ReplicaConfig.LogSource.Owned(var address) -> owned.add(Logs.open(address), Log::close);
      case ReplicaConfig.LogSource.Given(Log given) -> given;
    };
  }

  private static Shared shared(Environment environment, ReplicaMetrics metrics) {
    var uptime = new Uptime(environment.clock());
    return new Shared(
        new Lifecycle(),
        uptime,
        new Deadlines(uptime, environment.timers()),
        new Answers(environment.executor()),
        metrics);
  }

  private static Checkpointing common(
      CheckpointConfig asked,
      ReplicaConfig config,
      Environment environment,
      Log log,
      Folded folded,
      long proposer,
      Shared shared,
      Owned owned) {
    return new Checkpointing(
        asked,
        Checkpointing.nameOf(asked, proposer),
        log,
        Stores.of(asked.store(), environment, owned),
        environment.views()::openAside,
        new WorkDirectory(config.directory()),
        new Board(folded, shared, environment.clock()),
        folded,
        new Pauses(environment.timers()),
        environment,
        shared);
  }

  private static Checkpoints checkpoints(
      Checkpointing common,
      CurrentView view,
      WritePath writePath,
      TailChecker tails,
      ReplicaConfig config) {
    var agent =
        new Checkpointer(
            common,
            view,
            mark -> writePath.write(mark, Optional.empty(), 0, config.timeout().toNanos()),
            () -> view.applied() >= tails.tailSeen());
    return new Checkpoints(new Healer(common, view), agent, common.board());
  }

  /// Ends the replica, unless that was done before, and lets go of everything.
  synchronized void close() {
    if (shared.lifecycle().close()) {
      failAll(new ReplicaException.Closed());
    }
    shared.deadlines().close();
    checkpoints.ifPresent(part -> part.agent().close());
    applier.close();
    checkpoints.ifPresent(part -> part.agent().letGo());
    owned.close();
  }

  private void stopped(ReplicaException failure) {
    checkpoints.ifPresent(part -> part.agent().stop());
    failAll(failure);
  }

  private void failAll(ReplicaException failure) {
    appender.failAll(failure);
    reads.refuse(failure);
  }

  private void registerGauges() {
    ReplicaMetrics metrics = shared.metrics();
    metrics.gauge("appends.in_flight", appender::inFlight);
    metrics.gauge("writes.waiting", writes::count);
    metrics.gauge("writes.waiting.bytes", writes::bytes);
    metrics.gauge("reads.waiting", reads::waiting);
    metrics.gauge("applied", view::applied);
    metrics.gauge("apply.lag", () -> Math.max(0, reads.tails().tailSeen() - view.applied()));
    if (costs.now().isPresent()) {
      registerCosts("start", ReplicaCost::sinceStart);
      registerCosts("lately", ReplicaCost::lately);
    }
  }

  private void registerCosts(String since, Function<ReplicaCost, Spending> spending) {
    String label = "{since=\"" + since + "\"}";
    Supplier<Spending> now = () -> spending.apply(costs.now().orElseThrow());
    ReplicaMetrics metrics = shared.metrics();
    metrics.gauge(
        "dollars_per_million_writes" + label,
        () -> now.get().dollarsPerMillionWrites().orElse(Double.NaN));
    metrics.gauge(
        "dollars_per_million_strong_reads" + label,
        () -> now.get().dollarsPerMillionStrongReads().orElse(Double.NaN));
  }
}
