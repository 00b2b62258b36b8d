package io.tidemark.replica;

import io.tidemark.log.Log;
import io.tidemark.log.Logs;
import io.tidemark.statemachine.StoredView;
import java.util.function.Function;
import java.util.function.Supplier;

/// The parts of one replica and how they hang together.
///
/// @param shared what they have in common
/// @param environment the replica's clock, timers, threads and randomness
/// @param proposer tells this process's records from others'
/// @param view what the [Applier] folds into
/// @param writes the writes that are not answered
/// @param appender gives them to the log
/// @param reads the read path
/// @param applier follows the log
/// @param costs what the log costs
/// @param owned closes what was made for this replica alone: its log, and its environment
record Assembly(
    Shared shared,
    Environment environment,
    long proposer,
    StoredView view,
    WriteTable writes,
    Appender appender,
    Reads reads,
    Applier applier,
    CostWatch costs,
    Owned owned) {

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
    Log log =
        switch (config.log()) {
          case ReplicaConfig.LogSource.Owned(var address) ->
              owned.add(Logs.open(address), Log::close);
          case ReplicaConfig.LogSource.Given(Log given) -> given;
        };
    owned.add(LogMetrics.register(config.metrics(), log), LogMetrics::unregister);
    StoredView view =
        owned.add(
            environment.views().open(config.directory(), config.memoryBytes()), StoredView::close);
    var uptime = new Uptime(environment.clock());
    var shared =
        new Shared(
            new Lifecycle(),
            uptime,
            new Deadlines(uptime, environment.timers()),
            new Answers(environment.executor()),
            metrics);
    ReplicaConfig.Bounds bounds = config.bounds();
    var reads = new Reads(log, view, bounds.readsMax(), shared);
    var writes = new WriteTable(bounds, metrics);
    var appender = new Appender(log, writes, reads.tails(), bounds.appendsInFlightMax(), shared);
    shared.deadlines().watch(appender);
    long proposer = environment.random().nextLong();
    var applier = new Applier(log, view, proposer, writes, appender, reads, environment, shared);
    var costs = new CostWatch(log::cost, metrics.readsLinearizable::getCount, uptime);
    var assembly =
        new Assembly(
            shared, environment, proposer, view, writes, appender, reads, applier, costs, owned);
    shared.lifecycle().onStop(assembly::failAll);
    assembly.registerGauges();
    applier.start();
    return assembly;
  }

  /// Ends the replica, unless that was done before, and lets go of everything.
  synchronized void close() {
    if (shared.lifecycle().close()) {
      failAll(new ReplicaException.Closed());
    }
    shared.deadlines().close();
    applier.close();
    owned.close();
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
