package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.simulation.Fleet.Voyage;
import io.tidemark.simulation.PlantedBugs.Bug;
import io.tidemark.simulation.Simulation.Outcome;
import io.tidemark.simulation.SwarmConfig.Fault;
import io.tidemark.simulation.SwarmConfig.LogKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Many worlds, each from its seed, in each of which every rule must hold.
///
/// How many there are is fixed; how long they took is printed; what takes too long is red.
///
/// `-Dsimulation.seeds=N` runs N worlds with a journal, N with an object store and a tenth of that
/// in memory, from the seed `-Dsimulation.first=N` on, within `-Dsimulation.minutes=N`. `-Dseed=N`
/// runs one world, `-Dsimulation.faults=3,17` (or `none`) with no more of its faults than these,
/// `-Dsimulation.bug=M16` with a planted bug.
class SimulationTest {
  /// Of the worlds with a journal, and of those with an object store.
  private static final int SEEDS_DEFAULT = 2_500;

  private static final int MINUTES_DEFAULT = 20;

  private static final int FAILURES_TOLD_MAX = 3;

  /// So many of each are enough to expect each fault, and everything that can be met, often.
  private static final int SEEDS_FOR_JUDGEMENT = 1_500;

  private static final int OFTEN = 20;

  @Test
  void everyWorldKeepsEveryRule() throws Exception {
    Long one = Long.getLong("seed");
    if (one != null) {
      Outcome outcome = runOne(one);
      assertThat(outcome.violations()).as(() -> told(outcome)).isEmpty();
      return;
    }
    int seeds = Integer.getInteger("simulation.seeds", SEEDS_DEFAULT);
    int processes = Runtime.getRuntime().availableProcessors();
    long began = System.nanoTime();
    List<Tally> tallies =
        Fleet.run(
            voyage(Long.getLong("simulation.first", 1), seeds),
            processes,
            Duration.ofMinutes(Integer.getInteger("simulation.minutes", MINUTES_DEFAULT)));
    double seconds = (System.nanoTime() - began) / 1e9;
    var sum = new Sum(tallies);
    System.out.printf(
        Locale.ROOT,
        "simulation: %d worlds in %.1f s by %d processes (%.1f/s): %s%n",
        tallies.size(),
        seconds,
        processes,
        tallies.size() / seconds,
        sum);
    assertThat(tallies).hasSize(2 * seeds + seeds / 10);
    List<String> broken = new ArrayList<>();
    for (Tally tally : tallies) {
      if (!tally.failure().isEmpty() && broken.size() < FAILURES_TOLD_MAX) {
        broken.add(again(tally));
      }
    }
    assertThat(broken).as(() -> String.join("\n\n", broken)).isEmpty();
    if (seeds >= SEEDS_FOR_JUDGEMENT) {
      sum.assertThatItWasWorthTheWhile();
    }
  }

  @Test
  void aRunThatIsTooSlowIsRedAndSaysWhatToDo() {
    assertThatThrownBy(() -> Fleet.run(voyage(1, 1_000), 1, Duration.ofMillis(500)))
        .isInstanceOf(Fleet.TooSlowException.class)
        .hasMessageContaining("-Dsimulation.minutes=");
  }

  private static Voyage voyage(long first, int seeds) {
    return new Voyage(
        first, Map.of(LogKind.JOURNAL, seeds, LogKind.S3, seeds, LogKind.MEMORY, seeds / 10));
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

  // The same seed gives the same world here; if not, that is worse than what it broke there.
  private static String again(Tally tally) {
    Outcome outcome = Simulation.run(tally.seed());
    return outcome.violations().isEmpty()
        ? "seed " + tally.seed() + ", in another process and not in this one: " + tally.failure()
        : told(outcome);
  }

  private static String told(Outcome broken) {
    try {
      return explained(broken, Invariant.all());
    } catch (IOException failure) {
      return broken.describe() + "\nno page: " + failure;
    }
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

  /// What all worlds did together.
  private static final class Sum {
    private final Map<LogKind, Integer> worlds = new EnumMap<>(LogKind.class);
    private final Map<LogKind, Long> nanos = new EnumMap<>(LogKind.class);
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final Map<String, Long> effects = new TreeMap<>();
    private final Map<Probe, Long> probes = new EnumMap<>(Probe.class);
    private long steps;
    private long operations;
    private long unknown;
    private long wrote;

    Sum(List<Tally> tallies) {
      for (Tally tally : tallies) {
        worlds.merge(tally.log(), 1, Integer::sum);
        nanos.merge(tally.log(), tally.nanos(), Long::sum);
        steps += tally.steps();
        operations += tally.operations();
        unknown += tally.unknown();
        wrote += tally.acknowledgedWrites();
        tally.faults().forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
        tally.probes().forEach((probe, times) -> probes.merge(probe, times, Long::sum));
        tally.effects().forEach((effect, times) -> effects.merge(effect, times, Long::sum));
      }
    }

    /// A run that was too calm or too wild proves nothing.
    void assertThatItWasWorthTheWhile() {
      assertThat(faults).containsOnlyKeys(Fault.values());
      assertThat(faults.values()).allMatch(times -> times >= OFTEN);
      assertThat(effects.values()).allMatch(times -> times > 0);
      assertThat(probes).containsOnlyKeys(Probe.values());
      assertThat(probes)
          .allSatisfy(
              (probe, times) -> assertThat(times).as(probe.name()).isGreaterThanOrEqualTo(OFTEN));
      assertThat((double) unknown / operations).isBetween(0.002, 0.2);
      assertThat(wrote).isGreaterThan(operations / 10);
    }

    @Override
    public String toString() {
      var kinds = new ArrayList<String>();
      worlds.forEach((kind, count) ->
          kinds.add(
              String.format(
                  Locale.ROOT,
                  "%d %s (%.1f ms each)",
                  count,
                  kind,
                  nanos.getOrDefault(kind, 0L) / 1e6 / count)));
      return String.format(
          Locale.ROOT,
          "%s, %d steps, %d operations, %.1f %% of unknown outcome, %d writes acknowledged, %s, %s,"
              + " %s",
          String.join(", ", kinds),
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
