package io.tidemark.verify;

import io.tidemark.porcupine.Options;
import java.time.Duration;

/// What a run must have been to prove something; see [Gate]. Immutable.
///
/// @param acknowledgedWritesMin so many writes were acknowledged under load
/// @param indefiniteShareMin so large a part of the operations under load had an unknown outcome,
///   from 0 to 1
/// @param faultsAsked faults were injected, and each kind of them showed
/// @param options the limits of the check
public record Demands(
    long acknowledgedWritesMin, double indefiniteShareMin, boolean faultsAsked, Options options) {
  private static final Options CHECK =
      Options.DEFAULT.withTimeout(Duration.ofMinutes(2)).withParallelism(2);

  /// For a run without faults: 100 acknowledged writes.
  public static Demands withoutFaults() {
    return new Demands(100, 0, false, CHECK);
  }

  /// For a run with faults: 100 acknowledged writes, 0.2 % unknown outcomes, and faults that
  /// showed.
  public static Demands withFaults() {
    return new Demands(100, 0.002, true, CHECK);
  }

  /// The same with so many writes.
  public Demands withAcknowledgedWritesMin(long writes) {
    return new Demands(writes, indefiniteShareMin, faultsAsked, options);
  }

  /// The same with so large a part.
  public Demands withIndefiniteShareMin(double share) {
    return new Demands(acknowledgedWritesMin, share, faultsAsked, options);
  }

  /// The same with other limits of the check.
  public Demands withOptions(Options limits) {
    return new Demands(acknowledgedWritesMin, indefiniteShareMin, faultsAsked, limits);
  }
}
