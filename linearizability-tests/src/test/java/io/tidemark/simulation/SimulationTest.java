package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.simulation.Simulation.Outcome;
import io.tidemark.simulation.SwarmConfig.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Many worlds, each from its seed, in each of which every rule must hold.
///
/// `-Dseed=N` runs one world. `-Dsimulation.seeds=N` runs so many, from `-Dsimulation.first=N` on,
/// as far as they fit into `-Dsimulation.seconds=N`: how many did is printed.
class SimulationTest {
  private static final int SEEDS_DEFAULT = 2_500;
  private static final int SECONDS_DEFAULT = 45;

  /// Fewer say too little.
  private static final int SEEDS_MIN = 100;

  /// So many are enough to expect each fault often.
  private static final int SEEDS_FOR_JUDGEMENT = 300;

  /// One world at a time: worlds in one process share the monitors of the JDK, and where a thread
  /// of one meets another's there, neither goes by its seed alone.
  private static final int THREADS = 1;

  @Test
  void everyWorldKeepsEveryRule() throws Exception {
    Long one = Long.getLong("seed");
    long first = one != null ? one : Long.getLong("simulation.first", 1);
    int seeds = one != null ? 1 : Integer.getInteger("simulation.seeds", SEEDS_DEFAULT);
    long began = System.nanoTime();
    int secondsMax = Integer.getInteger("simulation.seconds", SECONDS_DEFAULT);
    List<Outcome> outcomes = run(first, seeds, began + secondsMax * 1_000_000_000L);
    double seconds = (System.nanoTime() - began) / 1e9;
    var sum = new Sum(outcomes);
    System.out.printf(
        Locale.ROOT,
        "simulation: %d seeds from %d in %.1f s (%.1f/s), %s%n",
        outcomes.size(),
        first,
        seconds,
        outcomes.size() / seconds,
        sum);
    List<String> broken =
        outcomes.stream()
            .filter(outcome -> !outcome.violations().isEmpty())
            .map(Outcome::describe)
            .limit(3)
            .toList();
    assertThat(broken).as(() -> String.join("\n\n", broken)).isEmpty();
    if (outcomes.size() >= SEEDS_FOR_JUDGEMENT) {
      sum.assertThatItWasWorthTheWhile();
    }
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
        outcome.effects().forEach((effect, times) -> effects.merge(effect, times, Long::sum));
      }
    }

    /// A run that was too calm or too wild proves nothing.
    void assertThatItWasWorthTheWhile() {
      assertThat(faults).containsOnlyKeys(Fault.values());
      assertThat(faults.values()).allMatch(times -> times >= 20);
      assertThat(effects.values()).allMatch(times -> times > 0);
      assertThat((double) unknown / operations).isBetween(0.002, 0.2);
      assertThat(wrote).isGreaterThan(operations / 10);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d steps, %d operations, %.1f %% of unknown outcome, %d writes acknowledged, %s, %s",
          steps,
          operations,
          100.0 * unknown / operations,
          wrote,
          faults,
          effects);
    }
  }
}
