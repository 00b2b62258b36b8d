package io.tidemark.simulation;

import io.tidemark.simulation.Simulation.Outcome;
import io.tidemark.simulation.SwarmConfig.Fault;
import io.tidemark.simulation.SwarmConfig.LogKind;
import java.util.Map;

/// What counts of one world among many.
///
/// @param log what kept its log
/// @param failure the first rule that it broke, or how it broke off; empty for a sound one
/// @param nanos how long the machine took to run and to judge it
/// @param faults how often each fault was done
/// @param effects what came of them
/// @param probes what was met
record Tally(
    long seed,
    LogKind log,
    String failure,
    long nanos,
    long steps,
    int operations,
    int unknown,
    int acknowledgedWrites,
    Map<Fault, Integer> faults,
    Map<String, Long> effects,
    Map<Probe, Long> probes) {

  /// Runs the world of this seed.
  static Tally of(long seed) {
    LogKind log = Simulation.config(seed).log();
    long began = System.nanoTime();
    try {
      return of(log, Simulation.run(seed), began);
    } catch (SimWorld.StuckWorldException broke) {
      long took = System.nanoTime() - began;
      String why = String.valueOf(broke.getMessage());
      return new Tally(seed, log, why, took, 0, 0, 0, 0, Map.of(), Map.of(), Map.of());
    }
  }

  /// What counts of a world that was run.
  static Tally of(LogKind log, Outcome outcome, long beganNanos) {
    return new Tally(
        outcome.what().seed(),
        log,
        outcome.violations().isEmpty() ? "" : outcome.violations().getFirst(),
        System.nanoTime() - beganNanos,
        outcome.steps(),
        outcome.operations(),
        outcome.unknown(),
        outcome.acknowledgedWrites(),
        outcome.faults(),
        outcome.effects(),
        outcome.probes());
  }
}
