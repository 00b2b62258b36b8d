package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.Digest;
import io.tidemark.statemachine.Digests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is installed is what was made, or nothing is.
class InstallationTest {
  @TempDir private Path root;
  private final TestStore objects = new TestStore();
  private Databases database;
  private CheckpointStore store;
  private Manifest manifest;

  @BeforeEach
  void open() throws Exception {
    database = new Databases(root);
    store = CheckpointStore.open(objects.process(), database.seams(), Databases.LOG);
    manifest = database.make(store, 20, new Base.Newest());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Path target() {
    return root.resolve("installed");
  }

  private Installation installation(Manifest wanted, Path... reuse) {
    return new Installation(store, wanted, Databases.READ_ONLY, List.of(reuse));
  }

  private void refused(Class<? extends CheckpointException> why, ThrowingCallable call, String says)
      throws Exception {
    assertThatThrownBy(call).isInstanceOf(why).hasMessageContaining(says);
    try (Stream<Path> files = Files.list(root)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("installed"));
    }
  }

  private void install() throws InterruptedException {
    installation(manifest).install(target(), ProgressListener.NONE);
  }

  @Test
  void theViewIsTheOneThatWasCopied() throws Exception {
    var heard = new ArrayList<Long>();
    var digested =
        installation(manifest)
            .installAndVerify(target(), (done, _) -> heard.add(done), Digests.Pace.FULL);
    assertThat(digested.digest()).isEqualTo(manifest.facts().digest());
    assertThat(heard).isSorted().endsWith(manifest.bytes());
    try (var view = Databases.READ_ONLY.open(target())) {
      assertThat(view.applied()).isEqualTo(20);
      assertThat(view.get(Bytes.utf8("key 5")).orElseThrow().value())
          .isEqualTo(Bytes.utf8("value 19"));
    }
    // To read it has changed nothing.
    try (Stream<Path> files = Files.list(target())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              manifest.files().stream().map(Manifest.StoredFile::name).toList());
    }
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    Files.createDirectories(target());
    Files.writeString(target().resolve("mine"), "of value");
    assertThatThrownBy(this::install)
        .isInstanceOf(CheckpointException.Local.class)
        .hasMessageContaining("is not empty");
    assertThat(Files.readString(target().resolve("mine"))).isEqualTo("of value");
    Files.delete(target().resolve("mine"));
    install();
  }

  @Test
  void whatAnEarlierAttemptLeftIsNotUsed() throws Exception {
    Path unfinished = root.resolve("installed" + Installation.UNFINISHED);
    Files.createDirectories(unfinished);
    Files.writeString(unfinished.resolve("CURRENT"), "half");
    install();
    assertThat(Files.exists(unfinished)).isFalse();
  }

  private String largest() {
    return objects.keys(Names.PIECES).stream()
        .max((one, other) ->
            Integer.compare(
                Objects.requireNonNull(objects.objects.get(one)).length(),
                Objects.requireNonNull(objects.objects.get(other)).length()))
        .orElseThrow();
  }

  @Test
  void aDamagedPieceIsRefused() throws Exception {
    objects.flip(largest());
    refused(CheckpointException.Damaged.class, this::install, largest());
    refused(CheckpointException.Damaged.class, this::install, "its hash is wrong");
  }

  @Test
  void aPieceThatIsCutShortIsRefused() throws Exception {
    String key = largest();
    byte[] bytes = Objects.requireNonNull(objects.objects.get(key)).toArray();
    objects.objects.put(key, Bytes.wrap(Arrays.copyOf(bytes, bytes.length - 1)));
    refused(CheckpointException.Damaged.class, this::install, "bytes, not " + bytes.length);
  }

  @Test
  void aMissingPieceIsRefused() throws Exception {
    for (String key : objects.keys(Names.PIECES)) {
      var piece = objects.objects.remove(key);
      refused(CheckpointException.Damaged.class, this::install, "it is missing");
      objects.objects.put(key, Objects.requireNonNull(piece));
    }
    install();
  }

  private Manifest with(UnaryOperator<Manifest.Facts> change) {
    return new Manifest(change.apply(manifest.facts()), List.of(), manifest.files());
  }

  private static Manifest.Facts facts(
      Manifest.Facts of, UUID log, long position, int format, Digest digest) {
    return new Manifest.Facts(
        log, position, of.logTimeMillis(), of.logBytes(), format, digest, of.rows(), of.maker());
  }

  @Test
  void aManifestThatSaysSomethingElseIsRefused() throws Exception {
    Manifest.Facts facts = manifest.facts();
    Manifest oneOff = with(f -> facts(f, f.logId(), f.position() + 1, f.viewFormat(), f.digest()));
    refused(
        CheckpointException.Damaged.class,
        () -> installation(oneOff).install(target(), ProgressListener.NONE),
        "the view is at 20");
    Manifest other = with(f -> facts(f, new UUID(7, 7), f.position(), f.viewFormat(), f.digest()));
    refused(
        CheckpointException.AnotherDatabase.class,
        () -> installation(other).install(target(), ProgressListener.NONE),
        "of the log");
    Manifest newer = with(f -> facts(f, f.logId(), f.position(), 99, f.digest()));
    refused(
        CheckpointException.NewerFormat.class,
        () -> installation(newer).install(target(), ProgressListener.NONE),
        "upgrade");
    Manifest older = with(f -> facts(f, f.logId(), f.position(), 1, f.digest()));
    refused(
        CheckpointException.Unusable.class,
        () -> installation(older).install(target(), ProgressListener.NONE),
        "take another");
    Manifest differs =
        with(f -> facts(f, f.logId(), f.position(), f.viewFormat(), new Digest(1, 2)));
    refused(
        CheckpointException.Damaged.class,
        () ->
            installation(differs)
                .installAndVerify(target(), ProgressListener.NONE, Digests.Pace.FULL),
        facts.digest().toString());
    refused(
        CheckpointException.Damaged.class,
        () -> installation(differs).verify(target(), ProgressListener.NONE, Digests.Pace.FULL),
        "the manifest says " + new Digest(1, 2));
  }

  @Test
  void localPiecesAreUsedWhereTheyAreRight() throws Exception {
    Path local = root.resolve("earlier");
    installation(manifest).install(local, ProgressListener.NONE);
    objects.keys(Names.PIECES).forEach(objects.objects::remove);
    installation(manifest, root.resolve("none"), local)
        .installAndVerify(target(), ProgressListener.NONE, Digests.Pace.FULL);
    Directories.remove(target());
    try (Stream<Path> files = Files.list(local)) {
      Path table = files.filter(file -> file.toString().endsWith(".sst")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(table);
      bytes[bytes.length / 2] ^= 1;
      Files.write(table, bytes);
    }
    refused(
        CheckpointException.Damaged.class,
        () -> installation(manifest, local).install(target(), ProgressListener.NONE),
        "it is missing");
  }

  @Test
  void aVerificationLeavesNothing() throws Exception {
    Path scratch = root.resolve("scratch-verify");
    Files.createDirectories(scratch);
    Files.writeString(scratch.resolve("old"), "left by a process that ended");
    installation(manifest).verify(scratch, ProgressListener.NONE, Digests.Pace.FULL);
    assertThat(Files.exists(scratch)).isFalse();
  }
}
