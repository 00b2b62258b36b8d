package io.tidemark.simulation;

import io.tidemark.simulation.PlantedBugs.Bug;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;

/// What decides everything in one run.
///
/// @param seed of the world
/// @param bug what was planted into it
/// @param deeds which faults of the schedule are done, by number; all if nothing is said
record Case(long seed, Bug bug, Optional<SortedSet<Integer>> deeds) {
  /// The whole world of this seed.
  static Case of(long seed) {
    return of(seed, Bug.NONE);
  }

  /// The whole world of this seed with a planted bug.
  static Case of(long seed, Bug bug) {
    return new Case(seed, bug, Optional.empty());
  }

  /// The same with no other faults than these.
  Case with(SortedSet<Integer> fewer) {
    return new Case(seed, bug, Optional.of(fewer));
  }

  boolean does(int deed) {
    return deeds.isEmpty() || deeds.get().contains(deed);
  }

  /// What to run to see it again.
  String command() {
    String planted = bug.equals(Bug.NONE) ? "" : " -Dsimulation.bug=" + bug.name();
    String faults =
        deeds
            .map(numbers -> numbers.stream().map(String::valueOf).collect(Collectors.joining(",")))
            .map(numbers -> " -Dsimulation.faults=" + (numbers.isEmpty() ? "none" : numbers))
            .orElse("");
    return "mvn -pl linearizability-tests -am test -Dtest=SimulationTest -Dseed="
        + seed
        + planted
        + faults
        + " -Dsurefire.failIfNoSpecifiedTests=false";
  }
}
