package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.statemachine.Digests;
import io.tidemark.statemachine.RocksView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is pruned, what is kept, and who is waited for.
class PruningTest {
  @TempDir private Path root;
  private final TestStore objects = new TestStore();
  private Databases database;
  private CheckpointStore store;

  @BeforeEach
  void open() throws Exception {
    database = new Databases(root);
    store = CheckpointStore.open(objects.process(), database.seams(), Databases.LOG);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void make(long position, boolean verified) throws Exception {
    database.make(store, position, new Base.Newest());
    if (verified) {
      store.verify(position, "somebody", false);
    }
  }

  private List<Long> left() throws Exception {
    return store.catalogue().usable().stream().map(Checkpoint::position).toList();
  }

  private void install(long position) throws Exception {
    Manifest manifest = store.catalogue().at(position).orElseThrow().manifest();
    new Installation(store, manifest, Databases.READ_ONLY, List.of())
        .verify(root.resolve("verified"), ProgressListener.NONE, Digests.Pace.FULL);
  }

  @Test
  void theNewestVerifiedAreKept() throws Exception {
    for (long position = 10; position <= 50; position += 10) {
      make(position, true);
    }
    assertThat(store.planPrune(new Retention(3, OptionalLong.empty())).doomed())
        .containsExactly(10L, 20L);
    assertThat(left()).containsExactly(10L, 20L, 30L, 40L, 50L);
    assertThat(store.prune(new Retention(3, OptionalLong.empty())).doomed())
        .containsExactly(10L, 20L);
    assertThat(left()).containsExactly(30L, 40L, 50L);
    PruneReport report = store.prune(Retention.TWO);
    assertThat(report.doomed()).containsExactly(30L);
    assertThat(left()).containsExactly(40L, 50L);
    install(40);
    install(50);
    // Nothing is left of the others but what these two name.
    for (String folder : List.of(Names.CHECKPOINTS, Names.MAKING, Names.VERDICTS)) {
      assertThat(objects.keys(folder)).as(folder).hasSize(2);
    }
    assertThat(objects.keys(Names.DOOMED)).isEmpty();
    assertThat(objects.keys(Names.FLOORS)).containsExactly(Names.at(Names.FLOORS, 40));
    assertThat(store.prune(Retention.TWO)).isEqualTo(report(List.of()));
  }

  private static PruneReport report(List<Long> doomed) {
    return new PruneReport(doomed, List.of(), List.of(), 0);
  }

  @Test
  void whatIsNotVerifiedDoesNotCountAndGoesWithItsElders() throws Exception {
    make(10, true);
    make(20, false);
    make(30, false);
    assertThat(store.prune(Retention.TWO).doomed()).isEmpty();
    make(40, true);
    make(50, false);
    assertThat(store.prune(Retention.TWO).doomed()).isEmpty();
    make(60, true);
    assertThat(store.prune(Retention.TWO).doomed()).containsExactly(10L, 20L, 30L);
    assertThat(left()).containsExactly(40L, 50L, 60L);
  }

  @Test
  void aWindowKeepsTheNewestVerifiedAtOrBeforeItsBegin() throws Exception {
    for (long position = 10; position <= 60; position += 10) {
      make(position, position != 30);
    }
    // The log's time at a position is ten times the position, less ten.
    assertThat(store.planPrune(window(89)).doomed()).isEmpty();
    assertThat(store.planPrune(window(90)).doomed()).isEmpty();
    assertThat(store.planPrune(window(350)).doomed()).containsExactly(10L);
    assertThat(store.planPrune(window(390)).doomed()).containsExactly(10L, 20L, 30L);
    assertThat(store.planPrune(window(9_999)).doomed()).containsExactly(10L, 20L, 30L, 40L);
    assertThatThrownBy(() -> new Retention(1, OptionalLong.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Retention window(long beginMillis) {
    return new Retention(2, OptionalLong.of(beginMillis));
  }

  @Test
  void whatSomebodyReadsIsKeptUntilHeIsDoneOrADayHasPassed() throws Exception {
    make(10, true);
    Pin pin = store.pin(10, "reader");
    make(20, true);
    make(30, true);
    assertThat(store.prune(Retention.TWO).held()).containsExactly(10L);
    new Installation(store, pin.manifest(), Databases.READ_ONLY, List.of())
        .install(root.resolve("read"), ProgressListener.NONE);
    assertThatThrownBy(() -> store.pin(10, "too late"))
        .isInstanceOf(CheckpointException.Unusable.class);
    database.clock.millis += Pin.HELD.toMillis();
    assertThat(store.prune(Retention.TWO).held()).containsExactly(10L);
    database.clock.millis++;
    PruneReport report = store.prune(Retention.TWO);
    assertThat(report.held()).isEmpty();
    assertThat(report.piecesDeleted()).isPositive();
    assertThat(objects.keys(Names.PINS)).isEmpty();
    // The reader, if it lives, is told.
    assertThatThrownBy(() ->
            new Installation(store, pin.manifest(), Databases.READ_ONLY, List.of())
                .install(root.resolve("again"), ProgressListener.NONE))
        .isInstanceOf(CheckpointException.Damaged.class)
        .hasMessageContaining("it is missing");
    pin.release();
  }

  private void doomAndPrune() {
    try {
      var another = CheckpointStore.openExisting(objects.process(), database.seams());
      another.doom(10, "a test wants so");
      another.prune(Retention.TWO);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoPinsWhatIsPrunedAtThatMomentIsTold() throws Exception {
    make(10, true);
    objects.beforeNext(Names.PINS, this::doomAndPrune);
    assertThatThrownBy(() -> store.pin(10, "reader"))
        .isInstanceOf(CheckpointException.Unusable.class);
  }

  @Test
  void whoBuildsOnWhatIsPrunedAtThatMomentSendsAll() throws Exception {
    make(10, true);
    objects.beforeNext(Names.MAKING, this::doomAndPrune);
    Manifest second = database.make(store, 20, new Base.Newest());
    assertThat(objects.keys(Names.at(Names.PIECES, 10))).isEmpty();
    assertThat(second.newBytes()).isEqualTo(second.bytes());
    install(20);
  }

  @Test
  void aPinWithoutEndHoldsForEver() throws Exception {
    make(10, true);
    store.pinForEver(10, "a fork");
    make(20, true);
    make(30, true);
    database.clock.millis += 1_000 * Pin.HELD.toMillis();
    assertThat(store.prune(Retention.TWO).held()).containsExactly(10L);
    install(10);
  }

  @Test
  void whatSomebodyBuildsOnIsKeptUntilThatHasAnOutcome() throws Exception {
    make(10, true);
    Path copy = database.copyAt(20);
    Manifest.Facts facts = database.facts("slow");
    Making slow = store.begin(20, "slow", new Base.Newest());
    store.doom(10, "a test wants so");
    assertThat(store.prune(Retention.TWO).held()).containsExactly(10L);
    slow.upload(copy, ProgressListener.NONE);
    Manifest second = slow.publish(facts);
    assertThat(second.newBytes()).isLessThan(second.bytes());
    assertThat(store.prune(Retention.TWO).held()).isEmpty();
    // What the second took over is there, and the rest of the first is not.
    install(20);
    assertThat(objects.keys(Names.CHECKPOINTS)).hasSize(1);
  }

  @Test
  void aMakerThatVanishedIsEndedByALaterCheckpoint() throws Exception {
    Making vanished = store.begin(10, "vanished", new Base.Newest());
    vanished.upload(database.copyAt(10), ProgressListener.NONE);
    Manifest.Facts facts = database.facts("vanished");
    assertThat(store.prune(Retention.TWO).ended()).isEmpty();
    assertThat(objects.keys(Names.at(Names.PIECES, 10))).isNotEmpty();
    make(20, false);
    assertThat(store.prune(Retention.TWO).ended()).containsExactly(10L);
    assertThat(objects.keys(Names.at(Names.PIECES, 10))).isEmpty();
    assertThatThrownBy(() -> vanished.publish(facts)).isInstanceOf(CheckpointException.Ended.class);
    assertThatThrownBy(() -> store.begin(10, "vanished", new Base.Newest()))
        .isInstanceOf(CheckpointException.Ended.class);
    assertThat(left()).containsExactly(20L);
  }

  @Test
  void aManifestThatASlowRequestCreatesAgainIsBelowTheFloor() throws Exception {
    make(10, true);
    String key = Names.at(Names.CHECKPOINTS, 10);
    var manifest = objects.objects.get(key);
    make(20, true);
    make(30, true);
    store.prune(Retention.TWO);
    assertThat(objects.objects).doesNotContainKey(key);
    objects.objects.put(key, manifest);
    assertThat(left()).containsExactly(20L, 30L);
    assertThatThrownBy(() -> store.pin(10, "reader"))
        .isInstanceOf(CheckpointException.Unusable.class);
    store.prune(Retention.TWO);
    assertThat(objects.objects).doesNotContainKey(key);
  }

  @Test
  void aForkNamesThePiecesOfItsParent() throws Exception {
    make(10, true);
    Pin pin = store.pinForEver(10, "the fork");
    var child = new UUID(5, 5);
    var childObjects = new TestStore();
    var childProcess = childObjects.process();
    var childStore =
        CheckpointStore.open(
            childProcess, database.seams(), _ -> objects.process(), Optional.of(child));
    Path folded = root.resolve("folded");
    new Installation(
            store, pin.manifest(), directory -> RocksView.open(directory, 4 << 20), List.of())
        .install(folded, ProgressListener.NONE);
    try (var view = RocksView.open(folded, 4 << 20)) {
      view.rebind(child, 1_000);
      Manifest first =
          childStore.make(
              view,
              "fork",
              new Base.Foreign("the parent", pin.manifest()),
              root.resolve("scratch"),
              ProgressListener.NONE);
      assertThat(first.roots()).containsExactly("the parent");
      assertThat(first.position()).isEqualTo(1_000);
      assertThat(first.newBytes()).isLessThan(first.bytes());
      assertThat(first.facts().digest()).isEqualTo(pin.manifest().facts().digest());
      new Installation(childStore, first, Databases.READ_ONLY, List.of())
          .verify(root.resolve("verified"), ProgressListener.NONE, Digests.Pace.FULL);
      childStore.verify(1_000, "fork", true);
    }
    // The parent forgets the checkpoint, and the fork does not.
    make(20, true);
    make(30, true);
    assertThat(store.prune(Retention.TWO).held()).containsExactly(10L);
    childStore.prune(Retention.TWO);
    Manifest again = childStore.catalogue().best().orElseThrow().manifest();
    new Installation(childStore, again, Databases.READ_ONLY, List.of())
        .verify(root.resolve("verified"), ProgressListener.NONE, Digests.Pace.FULL);
  }
}
