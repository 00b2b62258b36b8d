package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.simulation.PlantedBugs.Bug;
import io.tidemark.simulation.Simulation.Outcome;
import io.tidemark.simulation.SwarmConfig.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// A world that breaks a rule is told with the faults that it takes, and no more.
class MinimizerTest {
  @Test
  void aBugThatTakesACrashIsToldWithTheCrashAlone() throws Exception {
    Bug bug = PlantedBugs.named("M22");
    List<Invariant> rules = PlantedBugsTest.rules(bug);
    Outcome broken = firstBroken(bug, rules, 11);

    Minimizer.Minimal minimal = Minimizer.minimal(broken, rules);
    Outcome few = Simulation.run(minimal.what(), new Trace(), rules).outcome();
    assertThat(few.breaks(broken.brokenRule())).isTrue();
    assertThat(few.deeds()).hasSizeBetween(1, 3);
    assertThat(few.faults()).containsKey(Fault.REPLICA_CRASH);
    for (Nemesis.Deed deed : few.deeds()) {
      var without = new TreeSet<>(minimal.what().deeds().orElseThrow());
      without.remove(deed.number());
      Outcome mended = Simulation.run(minimal.what().with(without), new Trace(), rules).outcome();
      assertThat(mended.breaks(broken.brokenRule())).as("without %s", deed).isFalse();
    }
    // Each deed is done when, to whom and for as long as it was among all the others.
    for (Nemesis.Deed deed : few.deeds()) {
      assertThat(broken.deeds())
          .filteredOn(each -> each.number() == deed.number())
          .singleElement()
          .satisfies(each -> assertThat(each.fault()).isEqualTo(deed.fault()));
    }
  }

  @Test
  void aBugThatTakesNoFaultIsToldWithNone() throws Exception {
    Bug bug = PlantedBugs.named("M11");
    List<Invariant> rules = PlantedBugsTest.rules(bug);
    Outcome broken = firstBroken(bug, rules, 0);

    String told = SimulationTest.explained(broken, rules);
    assertThat(told)
        .contains("faults: none")
        .contains("-Dseed=" + broken.what().seed() + " -Dsimulation.bug=M11")
        .contains("-Dsimulation.faults=none");
    Path page = FailurePage.fileOf(broken.what());
    assertThat(told).contains(page.toString());
    assertThat(Files.readString(page)).contains("I3: ").contains("-Dsimulation.bug=M11");
  }

  @Test
  void thePageOfABrokenWorldShowsItsFaultsAndItsLog() throws Exception {
    Bug bug = PlantedBugs.named("M22");
    List<Invariant> rules = PlantedBugsTest.rules(bug);
    Outcome broken = firstBroken(bug, rules, 0);
    Path page = FailurePage.write(Simulation.run(broken.what(), new Trace(), rules)).orElseThrow();
    String text = Files.readString(page);
    for (Nemesis.Deed deed : broken.deeds()) {
      assertThat(text).contains(deed.toString());
    }
    assertThat(text).contains(broken.what().command()).contains("position ");
  }

  private static Outcome firstBroken(Bug bug, List<Invariant> rules, int deedsMin) {
    for (long seed = 1; seed < 500; seed++) {
      if (bug.plant().canShow(Simulation.config(seed))) {
        Outcome outcome = Simulation.run(Case.of(seed, bug), new Trace(), rules).outcome();
        if (!outcome.violations().isEmpty() && outcome.deeds().size() >= deedsMin) {
          return outcome;
        }
      }
    }
    throw new AssertionError("no world shows " + bug.name());
  }
}
