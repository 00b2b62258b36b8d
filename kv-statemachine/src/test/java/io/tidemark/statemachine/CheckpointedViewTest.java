package io.tidemark.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies of a view, their digests, and views that are bound anew.
class CheckpointedViewTest {
  private static final UUID LOG = new UUID(1, 2);

  @TempDir private Path root;

  private RocksView open(String name) {
    return Views.open(root.resolve(name));
  }

  private static Digests.Digested digest(StoredView view) throws InterruptedException {
    try (var snapshot = view.snapshot()) {
      return Digests.of(snapshot, Digests.Pace.FULL);
    }
  }

  private static void apply(StateMachine machine, long from, long to) {
    for (long at = from; at < to; at++) {
      Proposal proposal =
          at == from
              ? Views.proposal(new Command.OpenSession())
              : Views.request(from, at - from, Views.put("key " + at % 50, "value " + at));
      machine.apply(at, proposal, 10);
    }
  }

  @Test
  void aCopyHoldsWhatWasCommittedAndStaysAsItIs() throws Exception {
    Path copy = root.resolve("copy");
    try (var view = open("view")) {
      var machine = new StateMachine(view);
      machine.bindTo(LOG);
      apply(machine, 1, 100);
      machine.commit(100);
      view.flush();
      apply(machine, 100, 120);
      machine.commit(120);
      // Not committed, and so not in the copy.
      apply(machine, 120, 130);
      var before = Views.rows(view);
      var digested = digest(view);
      view.checkpoint(copy);
      machine.commit(130);
      assertThat(Views.rows(view)).isNotEqualTo(before);
      assertThat(digest(view)).isNotEqualTo(digested);

      try (var copied = RocksView.openReadOnly(copy, RocksView.MEMORY_BYTES_MIN)) {
        assertThat(copied.applied()).isEqualTo(120);
        assertThat(copied.logId()).contains(LOG);
        assertThat(Views.rows(copied)).isEqualTo(before);
        assertThat(digest(copied)).isEqualTo(digested);
      }
      assertThatThrownBy(() -> view.checkpoint(copy))
          .isInstanceOf(ViewException.StorageFailed.class)
          .hasMessageContaining("copy");
    }
    try (var copied = Views.open(copy)) {
      var machine = new StateMachine(copied);
      apply(machine, 120, 121);
      machine.commit(121);
      assertThat(copied.applied()).isEqualTo(121);
    }
  }

  @Test
  void toReadAViewChangesNothingInItsDirectory() throws Exception {
    Path copy = root.resolve("copy");
    try (var view = open("view")) {
      view.checkpoint(copy);
    }
    var before = files(copy);
    try (var copied = RocksView.openReadOnly(copy, RocksView.MEMORY_BYTES_MIN)) {
      assertThat(copied.applied()).isEqualTo(1);
      assertThatThrownBy(() -> copied.bindTo(LOG)).isInstanceOf(ViewException.class);
    }
    assertThat(files(copy)).isEqualTo(before);
    assertThatThrownBy(
            () -> RocksView.openReadOnly(root.resolve("none"), RocksView.MEMORY_BYTES_MIN))
        .isInstanceOf(ViewException.class);
    assertThat(Files.exists(root.resolve("none"))).isFalse();
  }

  private static String files(Path directory) throws Exception {
    var all = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        all.append(file.getFileName())
            .append(' ')
            .append(Bytes.wrap(Files.readAllBytes(file)).hashCode())
            .append('\n');
      }
    }
    return all.toString();
  }

  @Test
  void aDigestIsOfTheContentAloneHoweverItWasWritten() throws Exception {
    try (var one = open("one");
        var two = open("two")) {
      var first = new StateMachine(one);
      var second = new StateMachine(two);
      second.bindTo(LOG);
      var random = new Random(1);
      for (long at = 1; at < 300; at++) {
        apply(first, at, at + 1);
        apply(second, at, at + 1);
        if (random.nextInt(10) == 0) {
          second.commit(at + 1);
        }
      }
      first.commit(300);
      // One is bound to a log, and knows that there is nothing up to further.
      second.commit(500);
      assertThat(digest(one)).isEqualTo(digest(two));
      two.rebind(new UUID(3, 4), 9_000);
      assertThat(digest(one)).isEqualTo(digest(two));
      assertThat(digest(one).rows()).isEqualTo(Views.rows(one).size() - 1);
    }
  }

  @Test
  void aDigestTellsEveryChangeOfTheState() throws Exception {
    try (var view = open("view")) {
      var machine = new StateMachine(view);
      apply(machine, 1, 20);
      machine.commit(20);
      var seen = new HashSet<Digest>();
      assertThat(seen.add(digest(view).digest())).isTrue();
      machine.apply(20, Views.proposal(new Command.OpenSession()), 0);
      machine.commit(21);
      assertThat(seen.add(digest(view).digest())).as("a session").isTrue();
      machine.apply(21, Views.proposal(Views.put("key 1", "other")), 0);
      machine.commit(22);
      assertThat(seen.add(digest(view).digest())).as("a value").isTrue();
      machine.apply(22, Views.proposal(new Command.Mark(0)), 0);
      machine.commit(23);
      assertThat(seen.add(digest(view).digest())).as("a mark").isTrue();
      var late = new Proposal(1, 1, Optional.empty(), 77, new Command.Delete(Bytes.utf8("none")));
      machine.apply(23, late, 0);
      machine.commit(24);
      assertThat(seen.add(digest(view).digest())).as("the log's time").isTrue();
      machine.apply(24, late, 5);
      machine.commit(25);
      assertThat(seen.add(digest(view).digest())).as("the log's bytes").isTrue();
      machine.commit(30);
      assertThat(seen.add(digest(view).digest())).as("the applied position").isFalse();
    }
  }

  @Test
  void aWalkIsPacedAndCanBeEnded() throws Exception {
    try (var view = open("view")) {
      var machine = new StateMachine(view);
      for (int at = 1; at <= 3 * Digests.ROWS_PER_STEP; at++) {
        machine.apply(at, Views.proposal(Views.put("key " + at, "value")), 1);
      }
      machine.commit(machine.applied());
      var steps = new ArrayList<Long>();
      try (var snapshot = view.snapshot()) {
        var digested = Digests.of(snapshot, steps::add);
        assertThat(digested.rows()).isEqualTo(3L * Digests.ROWS_PER_STEP + 1);
        assertThat(steps).containsExactly(1_024L, 2_048L, 3_072L);
        assertThatThrownBy(() ->
                Digests.of(
                    snapshot,
                    _ -> {
                      throw new InterruptedException();
                    }))
            .isInstanceOf(InterruptedException.class);
      }
    }
  }

  @Test
  void aViewThatIsBoundAnewGoesOnInItsNewLog() throws Exception {
    var log = new UUID(5, 6);
    try (var view = open("view")) {
      var machine = new StateMachine(view);
      machine.bindTo(LOG);
      apply(machine, 1, 10);
      machine.commit(10);
      var digested = digest(view);
      view.rebind(log, 1_000);
      assertThat(digest(view)).isEqualTo(digested);
    }
    try (var view = open("view")) {
      assertThat(view.logId()).contains(log);
      assertThat(view.applied()).isEqualTo(1_000);
      var machine = new StateMachine(view);
      machine.bindTo(log);
      apply(machine, 1_000, 1_001);
      machine.commit(1_001);
    }
  }

  @Test
  void digestsAddUpAndAreTexts() {
    var most = new Digest(-1, -1);
    assertThat(most.plus(new Digest(0, 1))).isEqualTo(Digest.ZERO);
    assertThat(new Digest(1, -1).plus(new Digest(2, 2))).isEqualTo(new Digest(4, 1));
    assertThat(Digest.parse(new Digest(0x1f, -2).toString())).isEqualTo(new Digest(0x1f, -2));
    assertThatThrownBy(() -> Digest.parse("12")).isInstanceOf(IllegalArgumentException.class);
  }
}
