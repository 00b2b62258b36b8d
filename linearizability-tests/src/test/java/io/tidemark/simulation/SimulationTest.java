package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.simulation.PlantedBugs.Bug;
import io.tidemark.simulation.Simulation.Outcome;
import io.tidemark.simulation.SwarmConfig.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Many worlds, each from its seed, in each of which every rule must hold.
///
/// `-Dseed=N` runs one world, `-Dsimulation.faults=3,17` (or `none`) with no more of its faults
/// than these, `-Dsimulation.bug=M16` with a planted bug. `-Dsimulation.seeds=N` runs so many, from
/// `-Dsimulation.first=N` on, as far as they fit into `-Dsimulation.seconds=N`: how many did is
/// printed.
class SimulationTest {
  private static final int SEEDS_DEFAULT = 2_500;
  private static final int SECONDS_DEFAULT = 90;

  /// Fewer say too little.
  private static final int SEEDS_MIN = 100;

  private static final int FAILURES_TOLD_MAX = 3;

  /// So many are enough to expect each fault often.
  private static final int SEEDS_FOR_JUDGEMENT = 300;

  /// One world at a time: worlds in one process share the monitors of the JDK, and where a thread
  /// of one meets another's there, neither goes by its seed alone.
  private static final int THREADS = 1;

  @Test
  void everyWorldKeepsEveryRule() throws Exception {
    Long one = Long.getLong("seed");
    long began = System.nanoTime();
    List<Outcome> outcomes = one == null ? run() : List.of(runOne(one));
    var sum = new Sum(outcomes);
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "simulation: %d seeds from %d in %.1f s (%.1f/s), %s%n",
        outcomes.size(),
        outcomes.getFirst().what().seed(),
        seconds,
        outcomes.size() / seconds,
        sum);
    List<String> broken = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (!outcome.violations().isEmpty() && broken.size() < FAILURES_TOLD_MAX) {
        broken.add(explained(outcome, Invariant.all()));
      }
    }
    assertThat(broken).as(() -> String.join("\n\n", broken)).isEmpty();
    if (outcomes.size() >= SEEDS_FOR_JUDGEMENT) {
      sum.assertThatItWasWorthTheWhile();
    }
  }

  private static Outcome runOne(long seed) {
    String bug = System.getProperty("simulation.bug", Bug.NONE.name());
    var what = Case.of(seed, PlantedBugs.named(bug));
    String faults = System.getProperty("simulation.faults");
    if (faults != null) {
      var chosen = new TreeSet<Integer>();
      if (!faults.equals("none")) {
        Arrays.stream(faults.split(",")).map(Integer::valueOf).forEach(chosen::add);
      }
      what = what.with(chosen);
    }
    return Simulation.run(what, new Trace(), Invariant.all()).outcome();
  }

  /// What went wrong, with as few faults as it takes, and where to look at it. A case of few faults
  /// that was given is told as it is.
  static String explained(Outcome broken, List<Invariant> rules) throws IOException {
    Case what = broken.what();
    String found = "as it was given";
    if (what.deeds().isEmpty()) {
      Minimizer.Minimal minimal = Minimizer.minimal(broken, rules);
      what = minimal.what();
      found = "found in " + minimal.runs() + " runs, of " + broken.deeds().size() + " faults";
    }
    Simulation.Ran ran = Simulation.run(what, new Trace(), rules);
    String page = FailurePage.write(ran).map(Path::toString).orElse("none, it broke off");
    return broken.describe()
        + "\n\nthe smallest schedule ("
        + found
        + "): "
        + ran.outcome().describe()
        + "\nto look at: "
        + page;
  }

  private static List<Outcome> run() throws Exception {
    long first = Long.getLong("simulation.first", 1);
    int seeds = Integer.getInteger("simulation.seeds", SEEDS_DEFAULT);
    int secondsMax = Integer.getInteger("simulation.seconds", SECONDS_DEFAULT);
    return run(first, seeds, System.nanoTime() + secondsMax * 1_000_000_000L);
  }

  private static List<Outcome> run(long first, int seeds, long endNanos) throws Exception {
    var outcomes = new ArrayList<Outcome>();
    try (var executor = Executors.newFixedThreadPool(THREADS)) {
      var running = new ArrayList<Future<Optional<Outcome>>>();
      for (long seed = first; seed < first + seeds; seed++) {
        long each = seed;
        boolean must = seed < first + SEEDS_MIN;
        running.add(
            executor.submit(() ->
                must || System.nanoTime() < endNanos
                    ? Optional.of(Simulation.run(each))
                    : Optional.empty()));
      }
      for (Future<Optional<Outcome>> each : running) {
        each.get().ifPresent(outcomes::add);
      }
    }
    return outcomes;
  }

  /// What all worlds did together.
  private static final class Sum {
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final Map<String, Long> effects = new TreeMap<>();
    private final Map<Probe, Long> probes = new EnumMap<>(Probe.class);
    private long steps;
    private long operations;
    private long unknown;
    private long wrote;

    Sum(List<Outcome> outcomes) {
      for (Outcome outcome : outcomes) {
        steps += outcome.steps();
        operations += outcome.operations();
        unknown += outcome.unknown();
        wrote += outcome.acknowledgedWrites();
        outcome.faults().forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
        outcome.probes().forEach((probe, times) -> probes.merge(probe, times, Long::sum));
        outcome.effects().forEach((effect, times) -> effects.merge(effect, times, Long::sum));
      }
    }

    /// A run that was too calm or too wild proves nothing.
    void assertThatItWasWorthTheWhile() {
      assertThat(faults).containsOnlyKeys(Fault.values());
      assertThat(faults.values()).allMatch(times -> times >= 20);
      assertThat(effects.values()).allMatch(times -> times > 0);
      assertThat(probes).containsOnlyKeys(Probe.values());
      assertThat(probes)
          .allSatisfy(
              (probe, times) -> assertThat(times).as(probe.name()).isGreaterThanOrEqualTo(20));
      assertThat((double) unknown / operations).isBetween(0.002, 0.2);
      assertThat(wrote).isGreaterThan(operations / 10);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d steps, %d operations, %.1f %% of unknown outcome, %d writes acknowledged, %s, %s, %s",
          steps,
          operations,
          100.0 * unknown / operations,
          wrote,
          faults,
          effects,
          probes);
    }
  }
}
