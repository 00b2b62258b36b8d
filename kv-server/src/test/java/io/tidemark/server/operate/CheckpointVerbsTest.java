package io.tidemark.server.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tidemark.log.LogAddress;
import io.tidemark.log.Logs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointVerbsTest {
  @TempDir private Path directory;

  private Past past;
  private Path store;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  CheckpointVerbsTest() {}

  @BeforeEach
  void begin() {
    past = new Past(directory.resolve("log"));
    store = directory.resolve("checkpoints");
  }

  @Test
  void whatIsSavedIsListedAndFoundWhole() throws Exception {
    long revision = past.write(3_000);
    var saved = save();
    assertThat(saved.code()).as(saved.err()).isZero();
    String digest = past.digest(revision, directory.resolve("aside")).digest().toString();
    assertThat(saved.out()).contains("saved revision 3000: ", ", digest " + digest);
    assertThat(saved.err()).contains("save: folding the log", "save: uploading", "save: verifying");

    var listed = Verbs.run("checkpoint", "list", "--checkpoints", store);
    assertThat(listed.code()).isZero();
    assertThat(listed.out())
        .startsWith("log ")
        .contains("REVISION  TIME ", "\n3000      2026-02-02T", "verified by its maker", digest);

    JsonObject json = list().getFirst();
    assertThat(json.get("revision").getAsLong()).isEqualTo(revision);
    assertThat(json.get("log_time_ms").getAsLong()).isEqualTo(Past.millisOf(revision));
    assertThat(json.get("digest").getAsString()).isEqualTo(digest);
    assertThat(json.get("new_bytes").getAsLong()).isEqualTo(json.get("bytes").getAsLong());
    assertThat(json.get("verified_by_maker").getAsBoolean()).isTrue();

    var verified = Verbs.run("checkpoint", "verify", "--checkpoints", store);
    assertThat(verified.code()).as(verified.err()).isZero();
    assertThat(verified.out()).contains("revision 3000 is whole: ", "digest " + digest);
  }

  @Test
  void theNextCheckpointSendsWhatIsNewAndAThirdWithoutAChangeNothing() throws Exception {
    past.write(20_000);
    save();
    long revision = past.put("key 000007", "written again");
    var second = save();
    assertThat(second.out()).contains("saved revision 20001: ");
    JsonObject json = list().getLast();
    assertThat(json.get("new_bytes").getAsLong())
        .isLessThan(json.get("bytes").getAsLong() / 2)
        .isPositive();
    assertThat(json.get("digest").getAsString())
        .isEqualTo(past.digest(revision, directory.resolve("aside")).digest().toString());

    assertThat(save().out())
        .isEqualTo("nothing new: there is a checkpoint of the revision 20001\n");
    assertThat(list()).hasSize(2);
  }

  @Test
  void aDamagedPieceIsNamedAndTheExitCodeSaysSo() throws Exception {
    past.write(500);
    save();
    past.write(500);
    save();
    Path piece = largestPiece();
    byte[] bytes = Files.readAllBytes(piece);
    bytes[bytes.length / 2] ^= 1;
    Files.write(piece, bytes);

    var verified = Verbs.run("checkpoint", "verify", "--checkpoints", store, "--all");
    assertThat(verified.code()).isEqualTo(1);
    assertThat(verified.out())
        .contains(" cannot be used: ", piece.getFileName().toString(), " is damaged");
    Files.delete(piece);
    assertThat(Verbs.run("checkpoint", "verify", "--checkpoints", store, "--all").code())
        .isEqualTo(1);
    assertThat(list()).noneMatch(each -> each.get("pins").getAsInt() > 0);
  }

  @Test
  void pruningKeepsTheNewestAndWhatAWindowNeeds() {
    for (int i = 0; i < 5; i++) {
      past.write(50);
      save();
    }
    var planned =
        Verbs.run("checkpoint", "prune", "--checkpoints", store, "--dry-run", "--keep", "3");
    assertThat(planned.out()).startsWith("would be forgotten: revisions [50, 100]\n");
    assertThat(list()).hasSize(5);

    var windowed =
        Verbs.run("checkpoint", "prune", "--checkpoints", store, "--before", Past.millisOf(120));
    assertThat(windowed.out()).startsWith("forgotten: revisions [50]\n").contains(" pieces\n");
    assertThat(revisions()).containsExactly(100L, 150L, 200L, 250L);

    var pruned = Verbs.run("checkpoint", "prune", "--checkpoints", store);
    assertThat(pruned.out()).startsWith("forgotten: revisions [100, 150]\n");
    assertThat(revisions()).containsExactly(200L, 250L);
    var verified = Verbs.run("checkpoint", "verify", "--checkpoints", store, "200", "250");
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(Verbs.run("checkpoint", "prune", "--checkpoints", store).out())
        .startsWith("forgotten: none\n");
  }

  @Test
  void whatCannotBeDoneIsToldInOneLine() {
    past.write(10);
    save();
    Path none = directory.resolve("none");
    check(1, "no checkpoints are at " + none, "checkpoint", "list", "--checkpoints", none);
    assertThat(none).doesNotExist();
    check(
        1,
        "there is no log at journal:" + none,
        "checkpoint",
        "save",
        "--log",
        "journal:" + none,
        "--checkpoints",
        store);
    assertThat(none).doesNotExist();
    check(
        1,
        "there is no checkpoint of the revision 77",
        "checkpoint",
        "verify",
        "--checkpoints",
        store,
        "77");
  }

  @Test
  void wrongUsageIsToldInOneLine() {
    past.write(10);
    save();
    check(
        2,
        "name revisions, or say --all",
        "checkpoint",
        "verify",
        "--checkpoints",
        store,
        "10",
        "--all");
    check(
        2,
        "two verified checkpoints are kept at least, not 1",
        "checkpoint",
        "prune",
        "--checkpoints",
        store,
        "--keep",
        "1");
    check(
        2,
        "'yesterday' is no moment: write it with its zone",
        "checkpoint",
        "prune",
        "--checkpoints",
        store,
        "--before",
        "yesterday");
    check(
        2,
        "'2026-03-01T12:30:00' is no moment",
        "checkpoint",
        "prune",
        "--checkpoints",
        store,
        "--before",
        "2026-03-01T12:30:00");
    check(2, "is no place for checkpoints", "checkpoint", "list", "--checkpoints", "ftp://x");
    check(2, "a verb is needed: save, list, verify or prune", "checkpoint");
  }

  @Test
  void theCheckpointsOfAnotherDatabaseAreLeftAlone() {
    past.write(10);
    save();
    var other = new Past(directory.resolve("other"));
    other.write(20);
    check(
        1,
        "name another place for this one's",
        "checkpoint",
        "save",
        "--log",
        other.address(),
        "--checkpoints",
        store);
    assertThat(revisions()).containsExactly(10L);
  }

  @Test
  void aJournalThatAServerHasOpenIsReadThroughTheServer() {
    past.write(10);
    try (var _ = Logs.open(LogAddress.parse(past.address()))) {
      check(
          1,
          "Stop the server that has the journal open; or, if that is a log-server, read through"
              + " it: remote:HOST:PORT",
          "checkpoint",
          "save",
          "--log",
          past.address(),
          "--checkpoints",
          store);
    }
  }

  private static void check(int code, String told, Object... words) {
    var ran = Verbs.run(words);
    assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(code);
    assertThat(ran.err()).startsWith("tidemark: ").contains(told).doesNotContain("\tat ");
    assertThat(ran.err().lines().filter(line -> line.contains(told))).hasSize(1);
  }

  private Verbs.Ran save() {
    return Verbs.run("checkpoint", "save", "--log", past.address(), "--checkpoints", store);
  }

  private List<JsonObject> list() {
    var ran = Verbs.run("checkpoint", "list", "--checkpoints", store, "-o", "json");
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  private List<Long> revisions() {
    return list().stream().map(each -> each.get("revision").getAsLong()).toList();
  }

  private Path largestPiece() throws IOException {
    try (Stream<Path> files = Files.walk(store.resolve("pieces"))) {
      return files
          .filter(Files::isRegularFile)
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }
}
