package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.S3Options;
import io.tidemark.statemachine.Digests;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a store of checkpoints promises to one who uses it.
class CheckpointStoreTest {
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

  @Test
  void aStoreIsOfOneLog() throws Exception {
    assertThatThrownBy(
            () -> CheckpointStore.open(objects.process(), database.seams(), new UUID(3, 4)))
        .isInstanceOf(CheckpointException.AnotherDatabase.class)
        .hasMessageContaining(Databases.LOG.toString())
        .hasMessageContaining("name another place");
    assertThat(CheckpointStore.openExisting(objects.process(), database.seams()).logId())
        .isEqualTo(Databases.LOG);
    assertThatThrownBy(
            () -> CheckpointStore.openExisting(new TestStore().process(), database.seams()))
        .isInstanceOf(CheckpointException.Unusable.class);
  }

  @Test
  void aCheckpointIsListedOnceItIsComplete() throws Exception {
    Path copy = database.copyAt(10);
    Making making = store.begin(10, "maker", new Base.Newest());
    assertThat(store.catalogue().making()).containsExactly(10L);
    var heard = new ArrayList<Long>();
    making.upload(copy, (done, total) -> heard.add(done * 100 / total));
    assertThat(heard).isSorted().startsWith(0L).endsWith(100L);
    assertThat(store.catalogue().checkpoints()).isEmpty();

    Manifest.Facts facts = database.facts("maker");
    Manifest manifest = making.publish(facts);
    Catalogue catalogue = store.catalogue();
    assertThat(catalogue.making()).isEmpty();
    assertThat(catalogue.checkpoints()).extracting(Checkpoint::manifest).containsExactly(manifest);
    assertThat(manifest.facts()).isEqualTo(facts);
    assertThat(manifest.bytes()).isEqualTo(manifest.newBytes()).isEqualTo(making.bytesSent());
    assertThat(catalogue.best()).isPresent();
    assertThat(catalogue.newestVerified()).isEmpty();

    assertThat(store.verify(10, "somebody", false).verifier()).isEqualTo("somebody");
    assertThat(store.verify(10, "another", false).verifier()).isEqualTo("somebody");
    assertThat(store.catalogue().newestVerified()).isPresent();
  }

  @Test
  void whatTheBaseHasIsNotSentAgain() throws Exception {
    Manifest first = database.make(store, 10, new Base.Newest());
    Manifest second = database.make(store, 20, new Base.Newest());
    assertThat(second.newBytes()).isLessThan(second.bytes());
    assertThat(pieces(second)).containsAnyElementsOf(pieces(first));
    Manifest whole = database.make(store, 30, new Base.None());
    assertThat(whole.newBytes()).isEqualTo(whole.bytes());
  }

  private static List<Manifest.Piece> pieces(Manifest manifest) {
    return manifest.files().stream().flatMap(file -> file.pieces().stream()).toList();
  }

  @Test
  void oneMakesACheckpointAndNobodyElse() throws Exception {
    Path copy = database.copyAt(10);
    store.begin(10, "one", new Base.Newest());
    assertThatThrownBy(() -> store.begin(10, "two", new Base.Newest()))
        .isInstanceOf(CheckpointException.Ended.class)
        .hasMessageContaining("is being made by one");
    // The same one may go on.
    Making making = store.begin(10, "one", new Base.Newest());
    making.upload(copy, ProgressListener.NONE);
    Manifest.Facts facts = database.facts("one");
    Manifest manifest = making.publish(facts);
    // A reply that was lost.
    assertThat(making.publish(facts)).isEqualTo(manifest);
    assertThatThrownBy(() -> store.begin(10, "one", new Base.Newest()))
        .isInstanceOf(CheckpointException.Ended.class);
  }

  @Test
  void whatWasGivenUpIsNeverComplete() throws Exception {
    Path copy = database.copyAt(10);
    Making making = store.begin(10, "maker", new Base.Newest());
    making.upload(copy, ProgressListener.NONE);
    making.abandon("it took too long");
    assertThatThrownBy(() -> making.publish(database.facts("maker")))
        .isInstanceOf(CheckpointException.Ended.class)
        .hasMessageContaining("it took too long");
    assertThat(store.catalogue().checkpoints()).isEmpty();
    database.make(store, 20, new Base.Newest());
    store.prune(Retention.TWO);
    assertThat(objects.keys(Names.at(Names.PIECES, 10))).isEmpty();
  }

  @Test
  void requestsThatComeToNothingAreSentAgain() throws Exception {
    var busy =
        CheckpointStore.open(objects.process().withTrouble(3), database.seams(), Databases.LOG);
    Manifest manifest = database.make(busy, 10, new Base.Newest());
    busy.verify(10, "maker", true);
    busy.pin(10, "reader").release();
    busy.prune(Retention.TWO);
    assertThat(store.catalogue().verified())
        .extracting(Checkpoint::manifest)
        .containsExactly(manifest);

    var away = CheckpointStore.open(objects.process(), database.seams(), Databases.LOG);
    var gone = new TestStore().process().withTrouble(Requests.ATTEMPTS_MAX);
    assertThat(away.logId()).isEqualTo(Databases.LOG);
    assertThatThrownBy(() -> CheckpointStore.open(gone, database.seams(), Databases.LOG))
        .isInstanceOf(CheckpointException.Unavailable.class)
        .hasMessageContaining("12 attempts");
  }

  @Test
  void whoIsInterruptedHearsThatAndNothingElse() throws Exception {
    Path copy = database.copyAt(10);
    Making making = store.begin(10, "maker", new Base.Newest());
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> making.upload(copy, ProgressListener.NONE))
        .isInstanceOf(InterruptedException.class);
    making.upload(copy, ProgressListener.NONE);
    Manifest manifest = making.publish(database.facts("maker"));
    // It is interrupted while it fetches.
    var installation = new Installation(store, manifest, Databases.READ_ONLY, List.of());
    Path target = root.resolve("installed");
    assertThatThrownBy(
            () -> installation.install(target, (_, _) -> Thread.currentThread().interrupt()))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(root.toFile().list()).noneMatch(name -> name.startsWith("installed"));
    installation.install(target, ProgressListener.NONE);
  }

  @Test
  void aDoomedCheckpointIsNotPinnedNorBuiltOn() throws Exception {
    database.make(store, 10, new Base.Newest());
    store.doom(10, "it differs");
    assertThat(store.catalogue().checkpoints().getFirst().doomed()).contains("it differs");
    assertThat(store.catalogue().best()).isEmpty();
    assertThatThrownBy(() -> store.pin(10, "reader"))
        .isInstanceOf(CheckpointException.Unusable.class);
    assertThat(objects.keys(Names.PINS)).isEmpty();
    Manifest next = database.make(store, 20, new Base.Newest());
    assertThat(next.newBytes()).isEqualTo(next.bytes());
  }

  @Test
  void aDamagedManifestIsListedAsThatAndTheOthersAreUsed() throws Exception {
    database.make(store, 10, new Base.Newest());
    database.make(store, 20, new Base.Newest());
    objects.flip(Names.at(Names.CHECKPOINTS, 20));
    var fresh = CheckpointStore.openExisting(objects.process(), database.seams());
    Catalogue catalogue = fresh.catalogue();
    assertThat(catalogue.checkpoints()).extracting(Checkpoint::position).containsExactly(10L);
    assertThat(catalogue.unreadable())
        .singleElement()
        .satisfies(unreadable -> {
          assertThat(unreadable.position()).isEqualTo(20);
          assertThat(unreadable.why())
              .isInstanceOf(CheckpointException.Damaged.class)
              .hasMessageContaining(Names.at(Names.CHECKPOINTS, 20))
              .hasMessageContaining("checksum");
        });
    // Its pieces cannot be told from garbage.
    assertThatThrownBy(() -> fresh.prune(Retention.TWO))
        .isInstanceOf(CheckpointException.Unusable.class)
        .hasMessageContaining("doom it");
    fresh.doom(20, "damaged");
    fresh.prune(Retention.TWO);
    assertThat(objects.keys(Names.at(Names.PIECES, 20))).isEmpty();
  }

  @Test
  void aNewerFormatIsRefused() throws Exception {
    database.make(store, 10, new Base.Newest());
    String key = Names.at(Names.CHECKPOINTS, 10);
    byte[] bytes = Objects.requireNonNull(objects.objects.get(key)).toArray();
    ByteBuffer.wrap(bytes).putInt(4, NoteCodec.FORMAT + 1);
    int end = bytes.length - 32;
    System.arraycopy(Hashes.sha256(bytes, end).toArray(), 0, bytes, end, 32);
    objects.objects.put(key, Bytes.wrap(bytes));
    var fresh = CheckpointStore.openExisting(objects.process(), database.seams());
    assertThat(fresh.catalogue().unreadable())
        .singleElement()
        .satisfies(unreadable ->
            assertThat(unreadable.why())
                .isInstanceOf(CheckpointException.NewerFormat.class)
                .hasMessageContaining("upgrade"));
  }

  @Test
  void anotherDatabasesManifestIsRefused() throws Exception {
    database.make(store, 10, new Base.Newest());
    Manifest manifest = store.catalogue().best().orElseThrow().manifest();
    Manifest.Facts facts = manifest.facts();
    var other =
        new Manifest.Facts(
            new UUID(9, 9),
            facts.position(),
            facts.logTimeMillis(),
            facts.logBytes(),
            facts.viewFormat(),
            facts.digest(),
            facts.rows(),
            facts.maker());
    objects.objects.put(
        Names.at(Names.CHECKPOINTS, 10),
        new Note.Complete(new Manifest(other, List.of(), manifest.files())).encode());
    var fresh = CheckpointStore.openExisting(objects.process(), database.seams());
    assertThat(fresh.catalogue().unreadable())
        .singleElement()
        .satisfies(unreadable ->
            assertThat(unreadable.why()).isInstanceOf(CheckpointException.AnotherDatabase.class));
  }

  @Test
  void everyNoteIsWhatWasWritten() throws Exception {
    Manifest manifest = database.make(store, 10, new Base.Newest());
    var piece = new Manifest.Piece(1, 7, Bytes.wrap(new byte[32]), 5);
    var forked =
        new Manifest(
            manifest.facts(),
            List.of("s3://bucket/parent"),
            List.of(new Manifest.StoredFile("a.sst", List.of(piece))));
    for (Note note :
        List.of(
            new Note.Identity(Databases.LOG),
            new Note.Making("maker", 7),
            new Note.Complete(manifest),
            new Note.Complete(forked),
            new Note.Tombstone("why"),
            new Note.Verified(new Verdict("somebody", true, 5)),
            new Note.Doomed("why"),
            new Note.Pinned("reader", Optional.of(5L)),
            new Note.Pinned("fork", Optional.empty()),
            new Note.Floor())) {
      assertThat(NoteCodec.decode("a key", note.encode())).isEqualTo(note);
      byte[] bytes = note.encode().toArray();
      for (int length = 0; length < bytes.length; length += 7) {
        var cut = Bytes.wrap(Arrays.copyOf(bytes, length));
        assertThatThrownBy(() -> NoteCodec.decode("a key", cut))
            .isInstanceOf(CheckpointException.Damaged.class);
      }
    }
  }

  @Test
  void aDirectoryKeepsCheckpointsToo() throws Exception {
    Path place = root.resolve("checkpoints");
    var address = CheckpointAddress.parse(place.toString(), S3Options.DEFAULT);
    try (var kept = CheckpointStore.open(address.open(), database.seams(), Databases.LOG)) {
      Manifest manifest = database.make(kept, 10, new Base.Newest());
      Path installed = root.resolve("installed");
      new Installation(kept, manifest, Databases.READ_ONLY, List.of())
          .installAndVerify(installed, ProgressListener.NONE, Digests.Pace.FULL);
      assertThat(Files.exists(installed.resolve("CURRENT"))).isTrue();
      database.make(kept, 20, new Base.Newest());
      kept.verify(10, "v", false);
      kept.verify(20, "v", false);
      assertThat(kept.prune(new Retention(2, OptionalLong.empty())).doomed()).isEmpty();
    }
    assertThatThrownBy(() -> CheckpointAddress.parse("ftp://x", S3Options.DEFAULT))
        .hasMessageContaining("DIRECTORY or s3://BUCKET/PREFIX");
  }
}
