package io.tidemark.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The state machine against [ModelView], record by record. A failure names its seed.
class DifferentialTest {
  private static final SessionLimits SMALL = new SessionLimits(5, 16, 600);
  private static final int RECORDS = 1_500;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyAnswerAndEveryPairIsThatOfTheModelWhateverTheCommitsAndReopenings(long seed) {
    var random = new SplittableRandom(seed);
    var proposals = new RandomProposals(seed, 80);
    var model = new ModelView(SMALL);
    int removedSinglyMax = random.nextInt(6);
    int reopenEvery = random.nextInt(100, 500);
    long position = random.nextLong(1, 4);
    RocksView view = open();
    var machine = new StateMachine(view, SMALL, removedSinglyMax);
    for (int i = 0; i < RECORDS; i++) {
      Proposal proposal = proposals.next();
      Result expected = model.apply(position, proposal);
      assertThat(machine.apply(position, proposal, Views.RECORD_BYTES))
          .as("seed %d, position %d, %s", seed, position, proposal)
          .isEqualTo(expected);
      proposals.answered(position, expected);
      position += 1 + (random.nextInt(5) == 0 ? random.nextInt(10) : 0);
      if (random.nextInt(10) == 0) {
        machine.commit(position);
        compare(seed, model, view, position, proposals);
      }
      if (random.nextInt(reopenEvery) == 0) {
        machine.commit(position);
        view.close();
        view = open();
        machine = new StateMachine(view, SMALL, removedSinglyMax);
        assertThat(machine.applied()).isEqualTo(position);
        assertThat(machine.logTimeMillis()).isEqualTo(model.logTimeMillis());
        assertThat(machine.logBytes()).isEqualTo(model.logBytes());
        assertThat(machine.lastMark().map(Mark::revision).orElse(0L)).isEqualTo(model.lastMark());
        compare(seed, model, view, position, proposals);
      }
    }
    view.close();
  }

  private RocksView open() {
    return RocksView.open(directory, RocksView.MEMORY_BYTES_MIN);
  }

  private static void compare(
      long seed, ModelView model, RocksView view, long applied, RandomProposals proposals) {
    assertThat(view.applied()).isEqualTo(applied);
    try (var snapshot = view.snapshot()) {
      assertThat(snapshot.applied()).isEqualTo(applied);
      for (int i = 0; i < 4; i++) {
        KeyRange range = i == 0 ? KeyRange.ALL : proposals.range();
        List<KeyValue> expected =
            model.pairs().values().stream().filter(pair -> range.contains(pair.key())).toList();
        assertThat(scan(snapshot, range, Snapshot.Direction.FORWARD))
            .as("seed %d, applied %d, %s", seed, applied, range)
            .isEqualTo(expected);
        assertThat(scan(snapshot, range, Snapshot.Direction.REVERSE))
            .as("seed %d, applied %d, %s backwards", seed, applied, range)
            .isEqualTo(expected.reversed());
        assertThat(snapshot.count(range)).isEqualTo(expected.size());
      }
      for (int i = 0; i < 10; i++) {
        Bytes key = proposals.key();
        Optional<KeyValue> expected = Optional.ofNullable(model.pairs().get(key));
        assertThat(snapshot.get(key)).isEqualTo(expected);
        assertThat(view.get(key)).isEqualTo(expected);
        view.getIfInMemory(key).ifPresent(found -> assertThat(found).isEqualTo(expected));
      }
    }
  }

  private static List<KeyValue> scan(
      Snapshot snapshot, KeyRange range, Snapshot.Direction direction) {
    var found = new ArrayList<KeyValue>();
    try (var cursor = snapshot.scan(range, direction)) {
      while (cursor.next()) {
        found.add(cursor.keyValue());
      }
      assertThat(cursor.next()).isFalse();
    }
    return found;
  }
}
