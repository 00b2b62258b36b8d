package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.simulation.PlantedBugs.Bug;
import io.tidemark.simulation.Simulation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// Proof that the simulation can fail: each planted bug is found, by a rule it breaks, within its
/// budget of worlds, and found again in the same world. Without one, no world breaks a rule: that
/// is [SimulationTest].
class PlantedBugsTest {
  /// Of worlds that can show the bug; several times what it took when this was written.
  private static final int WORLDS_MAX = Integer.getInteger("simulation.bug.worlds", 150);

  /// One world at a time: worlds in one process share the monitors of the JDK, and where a thread
  /// of one meets another's there, neither goes by its seed alone.
  private static final int THREADS = 1;

  private static final String BLIND = "blind";

  /// When and by which rule a bug was found; zero worlds say that it was not.
  private record Found(Bug bug, int worlds, long seed, String rule) {}

  @Test
  void everyPlantedBugIsFound() throws Exception {
    List<Found> found = find(PlantedBugs.all());
    System.out.println("planted bugs: how many worlds it took to find each, and the rule");
    print(found);
    assertThat(found).noneMatch(each -> each.worlds == 0);
  }

  @Test
  void whatClientsCanSeeIsFoundByTheCheckerThatTrustsNothing() throws Exception {
    var visible = new ArrayList<Bug>();
    for (Bug bug : PlantedBugs.all()) {
      if (bug.rules().contains(BLIND)) {
        visible.add(new Bug(bug.name(), bug.what(), bug.plant(), BLIND));
      }
    }
    List<Found> found = find(visible);
    System.out.println("planted bugs: how many worlds the checker alone took");
    print(found);
    assertThat(found).hasSizeGreaterThan(5).noneMatch(each -> each.worlds == 0);
  }

  private static List<Found> find(List<Bug> bugs) throws Exception {
    var found = new ArrayList<Found>();
    try (var executor = Executors.newFixedThreadPool(THREADS)) {
      var tasks = bugs.stream().map(bug -> (Callable<Found>) () -> find(bug)).toList();
      for (var each : executor.invokeAll(tasks)) {
        found.add(each.get());
      }
    }
    return found;
  }

  private static void print(List<Found> found) {
    for (Found each : found) {
      System.out.println(
          "| %s | %s | %d | %d | %s |"
              .formatted(each.bug.name(), each.bug.what(), each.worlds, each.seed, each.rule));
    }
  }

  private static Found find(Bug bug) {
    int worlds = 0;
    for (long seed = 1; worlds < WORLDS_MAX; seed++) {
      if (!bug.plant().canShow(Simulation.config(seed))) {
        continue;
      }
      worlds++;
      Case what = Case.of(seed, bug);
      Outcome outcome = Simulation.run(what, new Trace(), rules(bug)).outcome();
      if (!outcome.violations().isEmpty()) {
        assertThat(outcome.describe()).contains("-Dseed=" + seed + " ");
        Outcome again = Simulation.run(what, new Trace(), rules(bug)).outcome();
        assertThat(again.violations()).isEqualTo(outcome.violations());
        assertThat(again.hash()).isEqualTo(outcome.hash());
        String rule = outcome.violations().getFirst();
        return new Found(bug, worlds, seed, rule.substring(0, rule.indexOf(':')));
      }
    }
    return new Found(bug, 0, 0, "not found");
  }

  /// The rules that the bug breaks: that others notice it too proves nothing about these.
  static List<Invariant> rules(Bug bug) {
    return Invariant.all().stream()
        .filter(rule -> bug.rules().stream().anyMatch(each -> rule.rule().startsWith(each + ":")))
        .toList();
  }
}
