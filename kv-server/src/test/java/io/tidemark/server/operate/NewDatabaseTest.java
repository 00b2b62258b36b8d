package io.tidemark.server.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.checkpoint.CheckpointAddress;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Installation;
import io.tidemark.checkpoint.ProgressListener;
import io.tidemark.checkpoint.Seams;
import io.tidemark.log.Log;
import io.tidemark.log.LogAddress;
import io.tidemark.log.LogInfo;
import io.tidemark.log.Logs;
import io.tidemark.log.s3.S3Options;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.RocksView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewDatabaseTest {
  @TempDir private Path directory;

  private Past past;
  private Path store;
  private Path newLog;
  private Path newStore;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  NewDatabaseTest() {}

  @BeforeEach
  void begin() {
    past = new Past(directory.resolve("log"));
    store = directory.resolve("checkpoints");
    newLog = directory.resolve("new-log");
    newStore = directory.resolve("new-checkpoints");
  }

  @ParameterizedTest
  @ValueSource(strings = {"restore", "fork"})
  void aDatabaseIsAsItWasJustBeforeAKeyWasOverwritten(String verb) throws Exception {
    past.write(2_000);
    save();
    past.put("tide", "high");
    past.write(100);
    long overwritten = past.put("tide", "low");
    past.write(100);
    save();

    var ran = make(verb, "--to-revision", overwritten - 1);

    assertThat(ran.code()).as(ran.err()).isZero();
    var digest = past.digest(overwritten - 1, directory.resolve("aside"));
    assertThat(ran.out())
        .contains(
            "d revision %d, of the log time %s: %d rows, digest %s\n"
                .formatted(
                    overwritten - 1,
                    Moment.text(Past.millisOf(overwritten - 1)),
                    digest.rows(),
                    digest.digest()))
        .contains("next: tidemark serve --log journal:" + newLog + " --checkpoints " + newStore);
    assertThat(read("tide")).isEqualTo("high");
    try (Log log = Logs.open(LogAddress.parse("journal:" + newLog))) {
      LogInfo info = log.describe().join();
      assertThat(info.trimPoint()).isGreaterThan(1L << 40);
      assertThat(log.checkTail().join().position()).isEqualTo(info.trimPoint());
    }
    assertThat(list(newStore)).contains("verified by its maker").doesNotContain("read by");
    assertThat(Verbs.run("checkpoint", "verify", "--checkpoints", newStore).code()).isZero();
  }

  @Test
  void aTimeMeansAllBeforeTheFirstRecordThatIsLater() throws Exception {
    past.write(50);
    save();
    past.write(50);

    var ran = make("restore", "--to-time", Moment.text(Past.millisOf(70) + 999));

    assertThat(ran.out()).startsWith("restored revision 70, ");
    assertThat(ran.out()).contains(past.digest(70, directory.resolve("aside")).digest().toString());
    assertThat(read("key 000069")).startsWith("value ");
    assertThat(read("key 000070")).isEqualTo("none");
  }

  @Test
  void withoutACheckpointTheLogIsFoldedFromItsBeginning() throws Exception {
    past.write(60);
    var ran =
        Verbs.run(
            "restore",
            "--from-log",
            past.address(),
            "--to-revision",
            30,
            "--log",
            "journal:" + newLog,
            "--into-checkpoints",
            newStore);

    assertThat(ran.out()).startsWith("restored revision 30, ");
    assertThat(read("key 000029")).startsWith("value ");
    assertThat(read("key 000030")).isEqualTo("none");
  }

  @Test
  void withoutTheLogACheckpointIsTakenAsItIs() throws Exception {
    past.write(40);
    save();
    past.write(40);
    save();
    check(
        1,
        "only a checkpoint as it is can be had; there are those of the revisions [40, 80]",
        withoutLog("--to-revision", 50));
    check(1, "only a checkpoint as it is", withoutLog("--to-time", Past.millisOf(50)));
    assertThat(newLog).doesNotExist();

    var ran = Verbs.run(withoutLog("--to-revision", 40));
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains(past.digest(40, directory.resolve("aside")).digest().toString());
    assertThat(read("key 000040")).isEqualTo("none");
  }

  @Test
  void theNewestOfASealedLogGoesOnRightBehindIt() throws Exception {
    past.write(40);
    try (Log log = Logs.open(LogAddress.parse(past.address()))) {
      var _ = log.seal().join();
    }
    var ran =
        Verbs.run(
            "restore",
            "--from-log",
            past.address(),
            "--to-newest",
            "--log",
            "journal:" + newLog,
            "--into-checkpoints",
            newStore);
    assertThat(ran.out()).contains("and begins behind the revision 40\n");
    assertThat(read("key 000039")).startsWith("value ");
  }

  @Test
  void nothingThatIsThereIsOverwritten() throws Exception {
    past.write(40);
    save();
    make("restore", "--to-newest");
    List<Path> before = files();

    check(1, "there is a log at journal:" + newLog + " already", all("restore", "--to-newest"));
    check(
        1,
        "there are checkpoints at " + newStore + " already, and nothing that is there is",
        "restore",
        "--checkpoints",
        store,
        "--to-newest",
        "--log",
        "journal:" + directory.resolve("third"),
        "--into-checkpoints",
        newStore);
    check(
        1,
        "there are checkpoints at " + store + " already",
        "fork",
        "--checkpoints",
        store,
        "--to-newest",
        "--log",
        "journal:" + directory.resolve("third"),
        "--into-checkpoints",
        store);
    check(
        1,
        "is not empty, and nothing in it is overwritten",
        "restore",
        "--checkpoints",
        store,
        "--to-newest",
        "--scratch",
        store,
        "--log",
        "journal:" + directory.resolve("third"),
        "--into-checkpoints",
        directory.resolve("fourth"));
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void whatCannotBeHadIsToldAndLeavesNothing() throws Exception {
    past.write(40);
    save();
    check(1, "the log ends at 41, before 51", all("restore", "--to-revision", 50));
    check(2, "a revision is not negative", all("restore", "--to-revision", -1));
    check(
        2,
        "a log in memory is gone when this ends",
        "restore",
        "--checkpoints",
        store,
        "--to-newest",
        "--log",
        "memory:",
        "--into-checkpoints",
        newStore);
    check(
        2,
        "a log that another process serves is created there",
        "restore",
        "--checkpoints",
        store,
        "--to-newest",
        "--log",
        "remote:127.0.0.1:1",
        "--into-checkpoints",
        newStore);
    check(
        2,
        "--checkpoints or --from-log is needed",
        "restore",
        "--to-newest",
        "--log",
        "journal:" + newLog,
        "--into-checkpoints",
        newStore);
    check(2, "--to-revision", all("restore", "--to-newest", "--to-revision", 3));
    check(2, "Missing required", all("restore"));
    assertThat(newLog).doesNotExist();
  }

  @Test
  void anotherDatabaseAndAJournalInUseAreTold() {
    past.write(40);
    save();
    var other = new Past(directory.resolve("other"));
    other.write(3);
    check(
        1,
        "are of the log ",
        "restore",
        "--checkpoints",
        store,
        "--from-log",
        other.address(),
        "--to-newest",
        "--log",
        "journal:" + newLog,
        "--into-checkpoints",
        newStore);
    try (var _ = Logs.open(LogAddress.parse(past.address()))) {
      check(1, "Stop the server that has the journal open", all("restore", "--to-newest"));
    }
    assertThat(newLog).doesNotExist();
    assertThat(newStore).doesNotExist();
    assertThat(list(store)).doesNotContain("read by");
  }

  @Test
  void aLogThatWasTrimmedReachesBackAsFarAsACheckpointDoes() throws Exception {
    try (Log log = Logs.create(LogAddress.parse(past.address()), 1_000)) {
      assertThat(log.describe().join().trimPoint()).isEqualTo(1_000);
    }
    past.write(40);
    check(
        1,
        "the log begins behind the revision 999, and there is no checkpoint before the place",
        "restore",
        "--from-log",
        past.address(),
        "--to-newest",
        "--log",
        "journal:" + newLog,
        "--into-checkpoints",
        newStore);
    assertThat(newLog).doesNotExist();
  }

  @Test
  void aFailureOnTheWaySaysWhatToRemoveAndLetsGoOfTheOldCheckpoint() throws Exception {
    past.write(40);
    save();
    Path file = Files.writeString(directory.resolve("a file"), "in the way");
    Path below = file.resolve("checkpoints");
    var ran =
        Verbs.run(
            "fork",
            "--checkpoints",
            store,
            "--to-newest",
            "--log",
            "journal:" + newLog,
            "--into-checkpoints",
            below);
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .contains(
            "what was begun of the new database is of no use: remove journal:%s and %s before"
                    .formatted(newLog, below)
                + " trying again");
    assertThat(list(store)).doesNotContain("read by");
  }

  @Test
  void aForkSharesPiecesWhichItsParentKeeps() throws Exception {
    noise(60);
    save();
    long revision = past.put("tide", "high");
    var forked = make("fork", "--to-revision", revision);
    assertThat(forked.code()).as(forked.err()).isZero();
    long size = bytes(store);
    assertThat(bytes(newStore)).isPositive().isLessThan(size / 4);
    assertThat(list(store)).contains("read by 1");

    // Both go their own ways.
    for (int i = 0; i < 4; i++) {
      noise(10);
      save();
    }
    var pruned = Verbs.run("checkpoint", "prune", "--checkpoints", store);
    assertThat(pruned.out()).contains("still read or built on, and therefore kept: revisions [");
    assertThat(read("tide")).isEqualTo("high");
    assertThat(Verbs.run("checkpoint", "verify", "--checkpoints", newStore).code()).isZero();
    assertThat(Verbs.run("checkpoint", "verify", "--checkpoints", store, "--all").code()).isZero();
  }

  @Test
  void aForkOfAForkReadsFromBoth() throws Exception {
    noise(40);
    save();
    make("fork", "--to-newest");
    Path thirdStore = directory.resolve("third-checkpoints");
    var again =
        Verbs.run(
            "fork",
            "--checkpoints",
            newStore,
            "--from-log",
            "journal:" + newLog,
            "--to-newest",
            "--log",
            "journal:" + directory.resolve("third-log"),
            "--into-checkpoints",
            thirdStore);
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(Verbs.run("checkpoint", "verify", "--checkpoints", thirdStore).code()).isZero();
    assertThat(bytes(thirdStore)).isLessThan(bytes(store) / 4);
  }

  // Values that do not compress.
  private void noise(int count) {
    var random = new Random(count);
    byte[] value = new byte[12 << 10];
    for (int i = 0; i < count; i++) {
      random.nextBytes(value);
      past.put("noise " + random.nextInt(), Base64.getEncoder().encodeToString(value));
    }
  }

  private Verbs.Ran make(String verb, Object... target) {
    return Verbs.run(all(verb, target));
  }

  private Object[] all(String verb, Object... target) {
    var words = new ArrayList<Object>(List.of(verb, "--checkpoints", store));
    words.addAll(List.of("--from-log", past.address()));
    words.addAll(List.of(target));
    words.addAll(List.of("--log", "journal:" + newLog, "--into-checkpoints", newStore));
    return words.toArray();
  }

  private Object[] withoutLog(Object... target) {
    var words = new ArrayList<Object>(List.of("restore", "--checkpoints", store));
    words.addAll(List.of(target));
    words.addAll(List.of("--log", "journal:" + newLog, "--into-checkpoints", newStore));
    return words.toArray();
  }

  private void save() {
    var ran = Verbs.run("checkpoint", "save", "--log", past.address(), "--checkpoints", store);
    assertThat(ran.code()).as(ran.err()).isZero();
  }

  private static String list(Path store) {
    return Verbs.run("checkpoint", "list", "--checkpoints", store).out();
  }

  private static void check(int code, String told, Object... words) {
    var ran = Verbs.run(words);
    assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(code);
    assertThat(ran.err()).contains("tidemark: ").contains(told).doesNotContain("\tat ");
  }

  /// What the new database's checkpoint holds under the key, without the hash at its end.
  private String read(String key) throws Exception {
    Path installed = directory.resolve("installed");
    var seams = new Seams(Clock.SYSTEM, Timers.onThread("test-timer"), new Random(1));
    try (var opened =
        CheckpointStore.open(
            new CheckpointAddress.Directory(newStore).open(),
            seams,
            text -> CheckpointAddress.parse(text, S3Options.DEFAULT).open(),
            Optional.empty())) {
      var manifest = opened.catalogue().best().orElseThrow().manifest();
      new Installation(opened, manifest, OperatorCommand.views(), List.of())
          .install(installed, ProgressListener.NONE);
    }
    try (var view = RocksView.open(installed, 32L << 20)) {
      return view.get(Bytes.utf8(key))
          .map(KeyValue::value)
          .map(value -> value.utf8().substring(0, value.utf8().indexOf(suffix(key))))
          .orElse("none");
    } finally {
      try (Stream<Path> all = Files.walk(installed)) {
        all.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private static String suffix(String key) {
    return Integer.toString(key.hashCode());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> !file.toString().contains(".writing")).sorted().toList();
    }
  }

  private static long bytes(Path store) throws IOException {
    try (Stream<Path> all = Files.walk(store)) {
      return all.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    }
  }
}
