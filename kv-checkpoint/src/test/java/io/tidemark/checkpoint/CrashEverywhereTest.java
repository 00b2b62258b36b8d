package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.Manifest.Piece;
import io.tidemark.statemachine.Digests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process makes a checkpoint, verifies it, prunes and installs, and ends at its first request,
/// at its second, at each. Whatever is listed then is whole, the next process can do all of it
/// again, and in the end nothing is left over.
class CrashEverywhereTest {
  @TempDir private Path root;
  private Databases database;
  private TestStore objects = new TestStore();
  private final TreeMap<String, Bytes> begin = new TreeMap<>();
  private final TreeMap<Long, Path> copies = new TreeMap<>();
  private final TreeMap<Long, Manifest.Facts> facts = new TreeMap<>();

  @BeforeEach
  void prepare() throws Exception {
    database = new Databases(root);
    for (long position = 10; position <= 50; position += 10) {
      copies.put(position, database.copyAt(position));
      facts.put(position, database.facts("maker"));
    }
    var earlier = open(objects.process());
    make(earlier, 10, "maker", false);
    make(earlier, 20, "maker", false);
    begin.putAll(objects.objects);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private CheckpointStore open(TestStore.Client process) throws InterruptedException {
    return CheckpointStore.open(process, database.seams(), Databases.LOG);
  }

  private void make(CheckpointStore store, long position, String maker, boolean opens)
      throws InterruptedException {
    Making making = store.begin(position, maker, new Base.Newest());
    making.upload(Objects.requireNonNull(copies.get(position)), ProgressListener.NONE);
    Manifest manifest = making.publish(Objects.requireNonNull(facts.get(position)));
    Pin pin = store.pin(position, "verifier");
    if (opens) {
      new Installation(store, manifest, Databases.READ_ONLY, List.of())
          .verify(root.resolve("verified"), ProgressListener.NONE, Digests.Pace.FULL);
    }
    store.verify(position, "verifier", false);
    pin.release();
  }

  /// Everything that one process does.
  private void live(CheckpointStore store, long position, String maker)
      throws InterruptedException {
    make(store, position, maker, true);
    store.prune(Retention.TWO);
    Pin pin = store.pin(store.catalogue().best().orElseThrow().position(), "reader");
    Directories.remove(root.resolve("installed"));
    new Installation(store, pin.manifest(), Databases.READ_ONLY, List.of())
        .install(root.resolve("installed"), ProgressListener.NONE);
    pin.release();
  }

  @ParameterizedTest
  @EnumSource(TestStore.End.class)
  void nothingHalfIsUsedAndAllCanBeDoneAgain(TestStore.End end) throws Exception {
    int request = 1;
    while (endsAt(request, end)) {
      request++;
    }
    // Every step was met.
    assertThat(request).isGreaterThan(60);
  }

  /// False once the process came to its end by itself.
  private boolean endsAt(int request, TestStore.End end) throws Exception {
    objects = new TestStore();
    objects.objects.putAll(begin);
    database.clock.millis = 1_000;
    Directories.remove(root.resolve("installed"));
    TestStore.Client ending = objects.endsAt(request, end);
    try {
      live(open(ending), 30, "one");
    } catch (TestStore.Ended _) {
      assertThat(ending.hasEnded()).isTrue();
      if (end != TestStore.End.DONE && !ending.wasChanging()) {
        // Whether a question arrived makes no difference.
        return true;
      }
    }
    whatIsListedIsWhole();
    if (Files.exists(root.resolve("installed"))) {
      try (var view = Databases.READ_ONLY.open(root.resolve("installed"))) {
        assertThat(view.applied()).isEqualTo(30);
      }
    }
    assertThat(Files.exists(root.resolve("installed" + Installation.UNFINISHED))).isFalse();

    live(open(objects.process()), 40, "two");
    whatIsListedIsWhole();
    objects.landLate();
    whatIsListedIsWhole();
    // A pin of who ended is disregarded after a day.
    database.clock.millis += 2 * Pin.HELD.toMillis();
    var last = open(objects.process());
    make(last, 50, "three", false);
    last.prune(Retention.TWO);
    whatIsListedIsWhole();
    last.prune(Retention.TWO);
    nothingIsLeftOver();
    return ending.hasEnded();
  }

  private void whatIsListedIsWhole() throws InterruptedException {
    Catalogue catalogue = open(objects.process()).catalogue();
    assertThat(catalogue.unreadable()).isEmpty();
    assertThat(catalogue.verified()).hasSizeGreaterThanOrEqualTo(2);
    for (Checkpoint checkpoint : catalogue.usable()) {
      assertThat(checkpoint.manifest().facts()).isEqualTo(facts.get(checkpoint.position()));
      checkpoint.manifest().files().stream()
          .flatMap(file -> file.pieces().stream())
          .forEach(this::isThere);
    }
  }

  private void isThere(Piece piece) {
    assertThat(objects.objects).containsKey(Names.piece(piece));
    Bytes there = Objects.requireNonNull(objects.objects.get(Names.piece(piece)));
    assertThat(Hashes.sha256(there.unsafeArray(), there.length())).isEqualTo(piece.sha256());
  }

  private void nothingIsLeftOver() throws InterruptedException {
    Catalogue catalogue = open(objects.process()).catalogue();
    assertThat(catalogue.checkpoints()).extracting(Checkpoint::position).containsExactly(40L, 50L);
    assertThat(catalogue.making()).isEmpty();
    var named = new HashSet<String>();
    for (Checkpoint checkpoint : catalogue.checkpoints()) {
      checkpoint.manifest().files().stream()
          .flatMap(file -> file.pieces().stream())
          .forEach(piece -> named.add(Names.piece(piece)));
    }
    assertThat(objects.keys(Names.PIECES)).containsExactlyInAnyOrderElementsOf(named);
    for (String folder : List.of(Names.CHECKPOINTS, Names.MAKING, Names.VERDICTS)) {
      assertThat(objects.keys(folder)).as(folder).hasSize(2);
    }
    assertThat(objects.keys(Names.FLOORS)).containsExactly(Names.at(Names.FLOORS, 40));
    assertThat(objects.keys(Names.DOOMED)).isEmpty();
    assertThat(objects.keys(Names.PINS)).isEmpty();
  }
}
