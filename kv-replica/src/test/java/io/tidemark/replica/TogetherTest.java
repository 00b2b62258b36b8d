package io.tidemark.replica;

import static io.tidemark.replica.ReadConsistency.LOCAL;
import static io.tidemark.replica.TestParts.eventually;
import static io.tidemark.replica.TestParts.failure;
import static io.tidemark.replica.TestParts.foreignPut;
import static io.tidemark.replica.TestParts.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Writes that are given to the log together, and who is told of what is applied.
class TogetherTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @TempDir Path directory;

  private final ScriptedLog log = new ScriptedLog();
  private Replica replica;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  TogetherTest() {}

  @BeforeEach
  void open() {
    replica = Replica.open(TestParts.config(directory, log, new ManualTime()));
    eventually(() -> replica.status().logProven());
  }

  @AfterEach
  void close() {
    replica.close();
  }

  private static Command put(String key, String value) {
    return new Command.Put(Bytes.utf8(key), Bytes.utf8(value));
  }

  @Test
  void writesThatComeTogetherAreOneAppendInTheirOrder() {
    log.holdAppends();
    var answers = replica.write(List.of(put("k", "1"), put("k", "2"), put("k", "3")), TIMEOUT);

    ScriptedLog.HeldAppend append = log.nextAppend();
    assertThat(append.records).hasSize(3);
    append.acknowledge();
    assertThat(answers.stream().map(answer -> (Result.Written) soon(answer)))
        .isSortedAccordingTo((a, b) -> Long.compare(a.revision(), b.revision()));
    assertThat(soon(replica.get(Bytes.utf8("k"), LOCAL)).value().orElseThrow().value())
        .isEqualTo(Bytes.utf8("3"));
  }

  @Test
  void oneThatIsRefusedLeavesTheOthers() {
    var answers = replica.write(List.of(put("k", "1"), put("", "2"), put("l", "3")), TIMEOUT);
    assertThat(failure(answers.get(1))).isInstanceOf(ReplicaException.InvalidRequest.class);
    soon(answers.get(0));
    soon(answers.get(2));
    assertThat(replica.status().writesWaiting()).isZero();
  }

  @Test
  void whoListensIsToldInOrderOfAllThatIsAppliedAndBeforeAnybodyIsAnswered() throws Exception {
    var told = new ArrayList<String>();
    try (var _ =
        replica.listen((revision, command, result) -> {
          if (command instanceof Command.Put(Bytes key, Bytes value)
              && result instanceof Result.Written(long written)) {
            var found = soon(replica.get(key, LOCAL)).value().orElseThrow();
            told.add(value.utf8() + (revision == written) + found.modifyRevision());
          }
        })) {
      long first =
          ((Result.Written) soon(replica.put(Bytes.utf8("a"), Bytes.utf8("own")))).revision();
      assertThat(told).containsExactly("own" + true + first);
      log.store(List.of(foreignPut("b", "foreign")));
      eventually(() -> replica.status().applied() == first + 2);
      soon(replica.put(Bytes.utf8("c"), Bytes.utf8("last")));
      assertThat(told)
          .containsExactly(
              "own" + true + first, "foreign" + true + (first + 1), "last" + true + (first + 2));
    }
    soon(replica.put(Bytes.utf8("d"), Bytes.utf8("unheard")));
    assertThat(told).hasSize(3);
  }
}
