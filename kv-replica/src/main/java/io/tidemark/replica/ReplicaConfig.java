package io.tidemark.replica;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.base.Invariants;
import io.tidemark.log.Log;
import io.tidemark.log.LogAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What a replica is made from. Immutable; each `with` gives a changed copy.
///
/// ```java
/// var config = ReplicaConfig.of(Path.of("data"), LogAddress.parse("journal:data/log"))
///     .withTimeout(Duration.ofSeconds(2));
/// ```
///
/// @param directory where the view is kept; made if it is not there, and used by one replica at a
///   time
/// @param log the log to replicate
/// @param limits the largest requests taken
/// @param timeout how long a request without a timeout of its own may take
/// @param memoryBytes what the view may hold in memory, in bytes
/// @param bounds the most that may wait
/// @param metrics takes the replica's metrics, which [ReplicaMetrics] lists; one replica each
/// @param environment the replica's clock, timers, threads and randomness; the machine's own if
///   empty
/// @param checkpoints how it takes part in checkpoints; without, the log only grows, and a replica
///   that the log was trimmed away from stops
public record ReplicaConfig(
    Path directory,
    LogSource log,
    Limits limits,
    Duration timeout,
    long memoryBytes,
    Bounds bounds,
    MetricRegistry metrics,
    Optional<Environment> environment,
    Optional<CheckpointConfig> checkpoints) {

  /// The longest timeout of a request: a day.
  public static final Duration TIMEOUT_MAX = Duration.ofDays(1);

  /// Where the log comes from.
  public sealed interface LogSource {
    /// The replica opens the log at this address, and closes it.
    record Owned(LogAddress address) implements LogSource {}

    /// The log is there, and stays its giver's to close, after the replica.
    record Given(Log log) implements LogSource {}
  }

  /// The most that may wait in a replica; beyond it requests fail with
  /// [ReplicaException.Overloaded].
  ///
  /// @param writesMax writes that are not answered
  /// @param writeBytesMax what those occupy: their keys and values, and 256 bytes each
  /// @param readsMax reads that wait for the log's tail or to be caught up with
  /// @param appendsInFlightMax appends that the log has not answered; writes beyond them gather for
  ///   the next
  public record Bounds(int writesMax, long writeBytesMax, int readsMax, int appendsInFlightMax) {
    /// 16,384 writes of 64 MiB, 16,384 reads, 4 appends.
    public static final Bounds DEFAULT = new Bounds(16_384, 64L << 20, 16_384, 4);

    /// Checks that each allows something.
    public Bounds {
      Invariants.check(0 < writesMax && writesMax <= 1 << 20, "1 to 2^20 writes wait", writesMax);
      Invariants.check(writeBytesMax > 0, "writes may wait", writeBytesMax);
      Invariants.check(readsMax > 0, "reads may wait", readsMax);
      Invariants.check(appendsInFlightMax > 0, "appends may be in flight", appendsInFlightMax);
    }
  }

  /// Checks that what is waited for has room.
  public ReplicaConfig {
    Invariants.check(memoryBytes > 0, "a view needs memory", memoryBytes);
    Invariants.check(
        bounds.writeBytesMax() >= limits.requestBytesMax(),
        "the largest request may wait",
        bounds.writeBytesMax(),
        limits.requestBytesMax());
    Invariants.check(
        timeout.isPositive() && timeout.compareTo(TIMEOUT_MAX) <= 0,
        "a timeout is positive and at most a day",
        timeout);
  }

  /// A replica that opens and owns the log at this address: default limits and bounds, timeouts of
  /// 5 s, 256 MiB for the view, and a registry of its own.
  public static ReplicaConfig of(Path directory, LogAddress address) {
    return of(directory, new LogSource.Owned(address));
  }

  /// A replica on a log that the caller owns, with the defaults of [#of(Path, LogAddress)].
  public static ReplicaConfig of(Path directory, Log log) {
    return of(directory, new LogSource.Given(log));
  }

  private static ReplicaConfig of(Path directory, LogSource log) {
    return new ReplicaConfig(
        directory,
        log,
        Limits.DEFAULT,
        Duration.ofSeconds(5),
        256L << 20,
        Bounds.DEFAULT,
        new MetricRegistry(),
        Optional.empty(),
        Optional.empty());
  }

  /// With these limits.
  public ReplicaConfig withLimits(Limits changed) {
    return new ReplicaConfig(
        directory, log, changed, timeout, memoryBytes, bounds, metrics, environment, checkpoints);
  }

  /// With this timeout for requests that bring none.
  public ReplicaConfig withTimeout(Duration changed) {
    return new ReplicaConfig(
        directory, log, limits, changed, memoryBytes, bounds, metrics, environment, checkpoints);
  }

  /// With this much memory for the view.
  public ReplicaConfig withMemoryBytes(long changed) {
    return new ReplicaConfig(
        directory, log, limits, timeout, changed, bounds, metrics, environment, checkpoints);
  }

  /// With these bounds.
  public ReplicaConfig withBounds(Bounds changed) {
    return new ReplicaConfig(
        directory, log, limits, timeout, memoryBytes, changed, metrics, environment, checkpoints);
  }

  /// With this registry.
  public ReplicaConfig withMetrics(MetricRegistry changed) {
    return new ReplicaConfig(
        directory, log, limits, timeout, memoryBytes, bounds, changed, environment, checkpoints);
  }

  /// With this environment.
  public ReplicaConfig withEnvironment(Environment changed) {
    return new ReplicaConfig(
        directory,
        log,
        limits,
        timeout,
        memoryBytes,
        bounds,
        metrics,
        Optional.of(changed),
        checkpoints);
  }

  /// With checkpoints.
  public ReplicaConfig withCheckpoints(CheckpointConfig changed) {
    return new ReplicaConfig(
        directory,
        log,
        limits,
        timeout,
        memoryBytes,
        bounds,
        metrics,
        environment,
        Optional.of(changed));
  }
}
