package io.tidemark.replica;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.List;

/// The metrics of one replica: their names are stable, and this is the list.
///
/// | name (after `replica.`) | type | what it is |
/// |---|---|---|
/// | `appends` | counter | batches given to the log |
/// | `appends.failed` | counter | of those, not appended |
/// | `appends.indeterminate` | counter | of those, maybe appended |
/// | `appends.in_flight` | gauge | batches the log has not answered |
/// | `append.records` | sizes | records of one batch |
/// | `append.latency` | latencies | from giving a batch to the log to its answer |
/// | `writes.waiting` | gauge | writes that are not answered |
/// | `writes.waiting.bytes` | gauge | their keys and values, and 256 bytes each |
/// | `writes.overloaded` | counter | writes refused because too much waited |
/// | `writes.outcome_unknown` | counter | writes answered so |
/// | `write.latency` | latencies | from a write's call to its result |
/// | `applied` | gauge | the applied position |
/// | `applied.records` | counter | records folded into the view |
/// | `apply.records` | sizes | records of one commit |
/// | `apply.latency` | latencies | from reading some records to their commit |
/// | `apply.lag` | gauge | positions from applied to the greatest tail seen |
/// | `tail.checks` | counter | tail checks asked of the log |
/// | `tail.checks.failed` | counter | of those, failed |
/// | `tail.riders` | sizes | reads that rode on one check |
/// | `tail.latency` | latencies | from asking for the tail to the answer |
/// | `reads.linearizable`, `reads.at_least`, `reads.local` | counters | reads begun |
/// | `reads.rode_on_writes` | counter | strong reads for which an append proved the tail |
/// | `reads.waiting` | gauge | reads that wait for the tail or to be caught up with |
/// | `reads.overloaded` | counter | reads refused because too many waited |
/// | `read.latency` | latencies | from a read's call to its value, of strong reads |
/// | `dollars_per_million_writes` | gauges | what writes cost, where the log's requests cost |
/// | `dollars_per_million_strong_reads` | gauges | what strong reads cost, there |
/// | `checkpoints.made`, `checkpoints.verified`, `checkpoints.installed` | counters | here |
/// | `checkpoints.failures` | counter | attempts that failed and are made again |
/// | `checkpoint.position`, `checkpoint.bytes` | gauges | of the newest complete checkpoint |
/// | `checkpoint.age.seconds` | gauge | since the log's time at the newest complete checkpoint |
/// | `checkpoint.verified.position` | gauge | of the newest checkpoint that may be relied on |
/// | `checkpoint.busy` | gauge | 1 while something is done about checkpoints, else 0 |
/// | `trim.point` | gauge | where the log begins, as it last told |
/// | `log.bytes_since_mark` | gauge | bytes of records applied since the last mark |
///
/// From `checkpoints.made` on only where the replica takes part in checkpoints.
///
/// Latencies and sizes are [BucketHistogram]s. What something costs has the label `since`: `start`,
/// or `lately` ([ReplicaCost]); it is not a number where there was nothing that cost.
public final class ReplicaMetrics {
  private static final String PREFIX = "replica.";

  final Counter appends;
  final Counter appendsFailed;
  final Counter appendsIndeterminate;
  final BucketHistogram appendRecords;
  final BucketHistogram appendLatency;
  final Counter writesOverloaded;
  final Counter writesOutcomeUnknown;
  final BucketHistogram writeLatency;
  final Counter appliedRecords;
  final BucketHistogram applyRecords;
  final BucketHistogram applyLatency;
  final Counter tailChecks;
  final Counter tailChecksFailed;
  final BucketHistogram tailRiders;
  final BucketHistogram tailLatency;
  final Counter readsLinearizable;
  final Counter readsAtLeast;
  final Counter readsLocal;
  final Counter readsRodeOnWrites;
  final Counter readsOverloaded;
  final BucketHistogram readLatency;

  private final MetricRegistry registry;
  private final List<String> names = new ArrayList<>();

  /// Registers everything but the gauges. Fails with an [IllegalArgumentException] if the registry
  /// has a replica already.
  ReplicaMetrics(MetricRegistry registry) {
    this.registry = registry;
    appends = counter("appends");
    appendsFailed = counter("appends.failed");
    appendsIndeterminate = counter("appends.indeterminate");
    appendRecords = histogram("append.records", BucketHistogram.ofSizes());
    appendLatency = histogram("append.latency", BucketHistogram.ofLatencies());
    writesOverloaded = counter("writes.overloaded");
    writesOutcomeUnknown = counter("writes.outcome_unknown");
    writeLatency = histogram("write.latency", BucketHistogram.ofLatencies());
    appliedRecords = counter("applied.records");
    applyRecords = histogram("apply.records", BucketHistogram.ofSizes());
    applyLatency = histogram("apply.latency", BucketHistogram.ofLatencies());
    tailChecks = counter("tail.checks");
    tailChecksFailed = counter("tail.checks.failed");
    tailRiders = histogram("tail.riders", BucketHistogram.ofSizes());
    tailLatency = histogram("tail.latency", BucketHistogram.ofLatencies());
    readsLinearizable = counter("reads.linearizable");
    readsAtLeast = counter("reads.at_least");
    readsLocal = counter("reads.local");
    readsRodeOnWrites = counter("reads.rode_on_writes");
    readsOverloaded = counter("reads.overloaded");
    readLatency = histogram("read.latency", BucketHistogram.ofLatencies());
  }

  /// Registers a counter of the table that not every replica has.
  Counter added(String name) {
    return counter(name);
  }

  /// Registers a gauge of the table.
  void gauge(String name, Gauge<? extends Number> gauge) {
    registry.register(named(name), gauge);
  }

  /// Takes everything out of the registry.
  void unregister() {
    names.forEach(registry::remove);
  }

  private Counter counter(String name) {
    return registry.register(named(name), new Counter());
  }

  private BucketHistogram histogram(String name, BucketHistogram histogram) {
    return registry.register(named(name), histogram);
  }

  private String named(String name) {
    names.add(PREFIX + name);
    return PREFIX + name;
  }
}
