package io.tidemark.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.Checkpoint;

/// The same records give the same bytes and the same answers, however a replica got through them.
class ReplayTest {
  private static final SessionLimits SMALL = new SessionLimits(4, 12, 500);
  private static final int RECORDS = 1_200;

  @TempDir Path directory;

  private record Fed(long position, Proposal proposal, Result answer) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void commitsRestartsAndCrashesLeaveNoTrace(long seed) throws Exception {
    List<Fed> records = records(seed);
    var plain = Views.open(directory.resolve("plain"));
    var machine = new StateMachine(plain, SMALL, 0);
    for (Fed record : records) {
      machine.apply(record.position(), record.proposal(), Views.RECORD_BYTES);
      machine.commit(record.position() + 1);
    }
    try (var rough = throughCrashes(seed, records)) {
      assertThat(rough.applied()).isEqualTo(plain.applied());
      assertThat(Views.rows(rough)).as("seed %d", seed).isEqualTo(Views.rows(plain));
    }
    plain.close();
  }

  private static List<Fed> records(long seed) {
    var proposals = new RandomProposals(seed, 60);
    var model = new ModelView(SMALL);
    var records = new ArrayList<Fed>();
    for (long position = 1; position <= RECORDS; position++) {
      Proposal proposal = proposals.next();
      Result answer = model.apply(position, proposal);
      proposals.answered(position, answer);
      records.add(new Fed(position, proposal, answer));
    }
    return records;
  }

  /// Commits at random, and now and then goes back to how the view was at some earlier commit, as
  /// after a crash that lost what was not flushed.
  private RocksView throughCrashes(long seed, List<Fed> records) throws Exception {
    var random = new SplittableRandom(seed);
    int crashes = 0;
    Path saved = directory.resolve("saved-0");
    RocksView view = Views.open(directory.resolve("rough"));
    save(view, saved);
    var machine = new StateMachine(view, SMALL, 100);
    while (machine.applied() <= RECORDS) {
      Fed record = records.get((int) machine.applied() - 1);
      assertThat(machine.apply(record.position(), record.proposal(), Views.RECORD_BYTES))
          .as("seed %d, position %d", seed, record.position())
          .isEqualTo(record.answer());
      if (random.nextInt(40) == 0) {
        machine.commit(machine.applied());
      }
      if (random.nextInt(150) == 0) {
        saved = directory.resolve("saved-" + record.position() + "-" + crashes);
        save(view, saved);
      }
      if (random.nextInt(200) == 0 && crashes < 8) {
        crashes++;
        view.close();
        Path restored = directory.resolve("restored-" + crashes);
        try (var earlier = Views.open(saved)) {
          save(earlier, restored);
        }
        view = Views.open(restored);
        machine = new StateMachine(view, SMALL, random.nextInt(4));
      }
    }
    assertThat(crashes).isPositive();
    machine.commit(machine.applied());
    return view;
  }

  private static void save(RocksView view, Path to) throws Exception {
    try (var checkpoint = Checkpoint.create(view.store().db)) {
      checkpoint.createCheckpoint(to.toString());
    }
  }
}
