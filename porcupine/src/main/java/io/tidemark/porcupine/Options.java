package io.tidemark.porcupine;

import java.time.Duration;

/// How a check may go about its work. Start from [#DEFAULT].
///
/// @param timeout the longest it may take to decide; zero means for ever. To confirm and explain an
///   illegal verdict it may take as long again
/// @param maxConfigurations the most configurations it may remember at once, over all threads; 1 to
///   400 million
/// @param parallelism how many partitions it may work on at once; with 1 it uses the caller's
///   thread. The verdict does not depend on it
/// @param engine which engine decides
/// @param cache how the general search remembers
public record Options(
    Duration timeout, long maxConfigurations, int parallelism, Engine engine, CacheMode cache) {
  private static final long MAX_CONFIGURATIONS_BOUND = 400_000_000;

  /// One minute, 4 million configurations (at most 160 MB), one thread, every engine that fits.
  public static final Options DEFAULT =
      new Options(Duration.ofMinutes(1), 4_000_000, 1, Engine.AUTO, CacheMode.FINGERPRINT_128);

  /// Refuses limits that are none.
  public Options {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout " + timeout);
    }
    if (maxConfigurations < 1 || maxConfigurations > MAX_CONFIGURATIONS_BOUND) {
      throw new IllegalArgumentException("maxConfigurations " + maxConfigurations);
    }
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism " + parallelism);
    }
  }

  /// The same with this timeout.
  public Options withTimeout(Duration newTimeout) {
    return new Options(newTimeout, maxConfigurations, parallelism, engine, cache);
  }

  /// The same with this limit.
  public Options withMaxConfigurations(long max) {
    return new Options(timeout, max, parallelism, engine, cache);
  }

  /// The same with so many threads.
  public Options withParallelism(int threads) {
    return new Options(timeout, maxConfigurations, threads, engine, cache);
  }

  /// The same with this engine.
  public Options withEngine(Engine newEngine) {
    return new Options(timeout, maxConfigurations, parallelism, newEngine, cache);
  }

  /// The same with this memory.
  public Options withCache(CacheMode mode) {
    return new Options(timeout, maxConfigurations, parallelism, engine, mode);
  }
}
