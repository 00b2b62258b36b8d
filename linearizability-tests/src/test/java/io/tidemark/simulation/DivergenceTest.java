package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.simulation.PlantedBugs.Bug;
import io.tidemark.simulation.SwarmConfig.Cast;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// A replica whose content is not what the log says is found by the digests at marks, and stops
/// itself, with crashes and a store of checkpoints that is away in between.
class DivergenceTest {
  private static final int WORLDS = 12;
  private static final String PAGE = "stopped itself: this replica's content differs";

  @Test
  void aReplicaThatSpoilsWhatItKeepsStopsItselfAndTheOthersGoOn() {
    var bug = new Bug("", "spoils", PlantedCheckpoints.oneSpoilsWhatItKeeps());
    var stopped = new ArrayList<String>();
    for (long seed : seeds()) {
      Simulation.run(Case.of(seed, bug), new Trace(), List.of()).evidence().surprises.stream()
          .filter(surprise -> surprise.contains(PAGE))
          .forEach(surprise -> stopped.add(surprise.substring(0, surprise.indexOf(' '))));
    }
    assertThat(stopped).hasSizeGreaterThan(WORLDS / 4).containsOnly("replica0");
  }

  private static List<Long> seeds() {
    return LongStream.iterate(1, seed -> seed + 1)
        .filter(seed -> {
          SwarmConfig config = Simulation.config(seed);
          return config.replicas() > 2
              && config.checkpoints().map(asked -> asked.cast() == Cast.ALL).orElse(false);
        })
        .limit(WORLDS)
        .boxed()
        .toList();
  }
}
