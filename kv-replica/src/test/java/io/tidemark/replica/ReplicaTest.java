package io.tidemark.replica;

import static io.tidemark.replica.ReadConsistency.LINEARIZABLE;
import static io.tidemark.replica.ReadConsistency.LOCAL;
import static io.tidemark.replica.TestParts.eventually;
import static io.tidemark.replica.TestParts.failure;
import static io.tidemark.replica.TestParts.foreignPut;
import static io.tidemark.replica.TestParts.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.log.LogException;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The write path and the read path, on a log that answers when the test says so.
class ReplicaTest {
  private static final Bytes KEY = Bytes.utf8("k");

  @TempDir Path directory;

  private final ScriptedLog log = new ScriptedLog();
  private final ManualTime time = new ManualTime();
  private final List<Replica> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(Replica::close);
  }

  private Replica replica() {
    return replica(ReplicaConfig.Bounds.DEFAULT);
  }

  private Replica replica(ReplicaConfig.Bounds bounds) {
    Replica replica = Replica.open(TestParts.config(directory, log, time).withBounds(bounds));
    open.add(replica);
    eventually(() -> replica.status().logProven());
    return replica;
  }

  private static Bytes value(String text) {
    return Bytes.utf8(text);
  }

  private static Optional<String> found(ReadResult<Optional<KeyValue>> read) {
    return read.value().map(keyValue -> keyValue.value().utf8());
  }

  private static List<String> values(List<Bytes> records) {
    return records.stream()
        .map(record -> ProposalCodec.decode(record).command())
        .map(command -> ((Command.Put) command).value().utf8())
        .toList();
  }

  // Reads.

  @Test
  void aStrongReadWaitsForATailCheckOfItsOwn() {
    Replica replica = replica();
    log.holdChecks();
    // The check that shows that the log no longer answers at once.
    var read = replica.get(KEY, LINEARIZABLE);
    log.store(List.of(foreignPut("k", "new")));
    eventually(() -> replica.status().applied() == 2);

    assertThat(read).isNotDone();
    log.answerChecks();
    assertThat(found(soon(read))).contains("new");
  }

  @Test
  void everyStrongReadHasTheTailProvenAfresh() {
    Replica replica = replica();
    log.stopDelivering();
    assertThat(found(soon(replica.get(KEY, LINEARIZABLE)))).isEmpty();

    // Acknowledged elsewhere, and not here yet.
    log.store(List.of(foreignPut("k", "acknowledged")));
    var read = replica.get(KEY, LINEARIZABLE);
    assertThat(read).isNotDone();

    log.deliver(1);
    assertThat(found(soon(read))).contains("acknowledged");
  }

  @Test
  void aStrongReadWaitsForTheLastRecordBelowTheTail() {
    Replica replica = replica();
    log.stopDelivering();
    log.store(List.of(foreignPut("k", "1"), foreignPut("k", "2"), foreignPut("k", "3")));
    var read = replica.get(KEY, LINEARIZABLE);

    log.deliver(2);
    eventually(() -> replica.status().applied() == 3);
    assertThat(read).isNotDone();

    log.deliver(1);
    assertThat(soon(read).value().map(KeyValue::version)).contains(3L);
  }

  @Test
  void aStrongReadMayRideOnAWriteSentAfterIt() {
    Replica replica = replica();
    log.holdChecks();
    log.holdAppends();
    var first = replica.get(KEY, LINEARIZABLE);
    var rider = replica.get(KEY, LINEARIZABLE);
    var write = replica.put(KEY, value("v"));
    int checksSent = log.checksAsked();
    log.store(List.of(foreignPut("k", "before")));

    log.nextAppend().acknowledge();

    assertThat(found(soon(rider)).orElseThrow()).isIn("before", "v");
    soon(first);
    soon(write);
    log.answerChecks();
    assertThat(log.checksAsked()).as("nobody was left to check for").isEqualTo(checksSent);
  }

  @Test
  void aStrongReadNeverRidesOnAWriteSentBeforeIt() {
    Replica replica = replica();
    log.holdChecks();
    log.holdAppends();
    var first = replica.get(KEY, LINEARIZABLE);
    var write = replica.put(KEY, value("v"));
    var late = replica.get(KEY, LINEARIZABLE);

    log.nextAppend().acknowledge();
    soon(write);
    soon(first);
    assertThat(late).isNotDone();

    log.answerChecks();
    assertThat(found(soon(late))).contains("v");
  }

  @Test
  void readsAtLeastWaitForTheRevisionAndAskTheLogNothing() {
    Replica replica = replica();
    int checksBefore = log.checksAsked();
    var read = replica.get(KEY, new ReadConsistency.AtLeast(2));
    log.store(List.of(foreignPut("k", "1")));
    eventually(() -> replica.status().applied() == 2);
    assertThat(read).isNotDone();

    log.store(List.of(foreignPut("k", "2")));

    assertThat(soon(read).revision()).isGreaterThanOrEqualTo(2);
    assertThat(found(soon(read))).contains("2");
    assertThat(log.checksAsked()).isEqualTo(checksBefore);
  }

  @Test
  void noRevisionIsTooGreatToWaitFor() {
    Replica replica = replica();
    var read = replica.get(KEY, new ReadConsistency.AtLeast(Long.MAX_VALUE));
    assertThat(read).isNotDone();
    time.pass(Duration.ofSeconds(6));
    assertThat(failure(read)).isInstanceOf(ReplicaException.TimedOut.class);
    assertThat(failure(replica.get(KEY, new ReadConsistency.AtLeast(-1))))
        .isInstanceOf(ReplicaException.InvalidRequest.class);
  }

  @Test
  void aReadThatIsNotCaughtUpWithInTimeTimesOut() {
    Replica replica = replica();
    var read = replica.get(KEY, new ReadConsistency.AtLeast(9), Duration.ofMillis(100));
    time.pass(Duration.ofMillis(90));
    assertThat(read).isNotDone();
    time.pass(Deadlines.GRANULARITY.plusMillis(10));
    assertThat(failure(read)).isInstanceOf(ReplicaException.TimedOut.class);
    assertThat(replica.status().readsWaiting()).isZero();
  }

  @Test
  void aReadTellsTheRevisionOfWhatItSaw() {
    Replica replica = replica();
    long written = revision(soon(replica.put(KEY, value("v"))));
    assertThat(soon(replica.get(KEY, LOCAL)).revision()).isEqualTo(written);

    long deleted = revision(soon(replica.delete(KEY)));
    var absent = soon(replica.get(KEY, LOCAL));
    assertThat(absent.value()).isEmpty();
    assertThat(absent.revision()).isEqualTo(deleted);
  }

  private static long revision(Result result) {
    return switch (result) {
      case Result.Written(long revision) -> revision;
      case Result.Deleted(long revision, _) -> revision;
      default -> throw new AssertionError(result);
    };
  }

  @Test
  void noTimerRunsWhileNothingWaits() {
    Replica replica = replica();
    soon(replica.put(KEY, value("v")));
    soon(replica.get(KEY, LINEARIZABLE));
    time.pass(Duration.ofSeconds(1));
    assertThat(time.scheduled()).isZero();
  }

  @Test
  void tooManyWaitingReadsAreRefused() {
    Replica replica = replica(new ReplicaConfig.Bounds(16, 64 << 20, 2, 4));
    var beyond = new ReadConsistency.AtLeast(100);
    var waiting = List.of(replica.get(KEY, beyond), replica.get(KEY, beyond));
    assertThat(failure(replica.get(KEY, LOCAL))).isInstanceOf(ReplicaException.Overloaded.class);
    time.pass(Duration.ofSeconds(6));
    waiting.forEach(read -> assertThat(read).isCompletedExceptionally());
    assertThat(found(soon(replica.get(KEY, LOCAL)))).isEmpty();
  }

  // Writes.

  @Test
  void aWriteIsAnsweredWhenItIsApplied() {
    Replica replica = replica();
    log.holdAppends().stopDelivering();
    var write = replica.put(KEY, value("v"));
    log.nextAppend().acknowledge();
    assertThat(write).isNotDone();
    assertThat(found(soon(replica.get(KEY, LOCAL)))).isEmpty();

    CompletableFuture<Optional<String>> seenInAnswer =
        write.thenCompose(_ -> replica.get(KEY, LOCAL)).thenApply(ReplicaTest::found);
    log.deliver(1);
    assertThat(soon(write)).isEqualTo(new Result.Written(1));
    assertThat(soon(seenInAnswer)).contains("v");
  }

  @Test
  void aWriteIsInvisibleUntilTheLogGaveItBack() {
    Replica replica = replica();
    log.holdAppends();
    var write = replica.put(KEY, value("v"));
    var append = log.nextAppend();
    assertThat(found(soon(replica.get(KEY, LOCAL)))).isEmpty();
    assertThat(found(soon(replica.get(KEY, LINEARIZABLE)))).isEmpty();

    append.fail(new LogException.Overloaded("full"));

    assertThat(failure(write)).isInstanceOf(ReplicaException.Overloaded.class);
    assertThat(found(soon(replica.get(KEY, LOCAL)))).isEmpty();
    assertThat(log.tail()).isEqualTo(1);
  }

  @Test
  void anIndeterminateWriteSucceedsIfItsRecordComesBy() {
    Replica replica = replica();
    log.holdAppends();
    var write = replica.put(KEY, value("v"));
    var append = log.nextAppend();
    append.fail(new LogException.Indeterminate("the reply was lost", null));
    assertThat(write).isNotDone();
    append.store();
    assertThat(soon(write)).isEqualTo(new Result.Written(1));
  }

  @Test
  void anIndeterminateWriteIsNeverReportedAsFailed() {
    Replica replica = replica();
    log.holdAppends();
    var write = replica.put(KEY, value("v"));
    log.nextAppend().fail(new LogException.Indeterminate("the reply was lost", null));
    time.pass(Duration.ofSeconds(6));
    ReplicaException failure = failure(write);
    assertThat(failure).isInstanceOf(ReplicaException.OutcomeUnknown.class);
    assertThat(failure.retry()).isEqualTo(ReplicaException.Retry.WITH_REQUEST_ID);
  }

  @Test
  void aSentWriteThatTimesOutIsNeverReportedAsFailed() {
    Replica replica = replica();
    log.holdAppends();
    var write = replica.put(KEY, value("v"));
    var append = log.nextAppend();
    time.pass(Duration.ofSeconds(6));
    assertThat(failure(write)).isInstanceOf(ReplicaException.OutcomeUnknown.class);

    // It takes effect later, and nobody is told twice.
    append.acknowledge();
    eventually(() -> replica.status().applied() == 2);
    assertThat(found(soon(replica.get(KEY, LOCAL)))).contains("v");
  }

  @Test
  void anUnsentWriteThatTimesOutIsNeverSent() {
    Replica replica = replica(new ReplicaConfig.Bounds(16, 64 << 20, 16, 1));
    log.holdAppends();
    var sent = replica.put(KEY, value("sent"));
    var unsent = replica.put(KEY, value("unsent"));
    time.pass(Duration.ofSeconds(6));

    assertThat(failure(unsent)).isInstanceOf(ReplicaException.LogUnavailable.class);
    assertThat(failure(sent)).isInstanceOf(ReplicaException.OutcomeUnknown.class);

    var later = replica.put(KEY, value("later"));
    log.nextAppend().acknowledge();
    var second = log.nextAppend();
    assertThat(values(second.records)).containsExactly("later");
    second.acknowledge();
    soon(later);
  }

  @Test
  void writesBeyondTheBoundsAreRefusedAndNothingOfThemAppears() {
    Replica replica = replica(new ReplicaConfig.Bounds(2, 64 << 20, 16, 1));
    log.holdAppends();
    var first = replica.put(KEY, value("1"));
    var second = replica.put(KEY, value("2"));
    var third = replica.put(KEY, value("3"));
    assertThat(failure(third)).isInstanceOf(ReplicaException.Overloaded.class);

    log.nextAppend().acknowledge();
    log.nextAppend().acknowledge();
    soon(first);
    soon(second);
    assertThat(log.tail()).isEqualTo(3);
    assertThat(replica.status().writesWaiting()).isZero();
    assertThat(replica.status().writeBytesWaiting()).isZero();
  }

  @Test
  void writesBeyondTheBytesAreRefused() {
    var limits = new Limits(64, 1_000, 2_000, 10, 10);
    Replica replica =
        Replica.open(
            TestParts.config(directory, log, time)
                .withLimits(limits)
                .withBounds(new ReplicaConfig.Bounds(16, 2_500, 16, 1)));
    open.add(replica);
    eventually(() -> replica.status().logProven());
    log.holdAppends();
    var first = replica.put(KEY, Bytes.wrap(new byte[1_000]));
    var second = replica.put(KEY, Bytes.wrap(new byte[900]));
    assertThat(failure(replica.put(KEY, Bytes.wrap(new byte[900]))))
        .isInstanceOf(ReplicaException.Overloaded.class);
    log.nextAppend().acknowledge();
    log.nextAppend().acknowledge();
    soon(first);
    soon(second);
  }

  @Test
  void pipelinedWritesOfOneCallerKeepTheirOrder() {
    Replica replica = replica(new ReplicaConfig.Bounds(64, 64 << 20, 16, 2));
    log.holdAppends();
    var writes = new ArrayList<CompletableFuture<Result>>();
    for (int i = 0; i < 10; i++) {
      writes.add(replica.put(KEY, value("" + i)));
    }
    var sent = new ArrayList<String>();
    while (sent.size() < 10) {
      var append = log.nextAppend();
      sent.addAll(values(append.records));
      append.acknowledge();
    }
    assertThat(sent).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    for (int i = 0; i < 10; i++) {
      assertThat(soon(writes.get(i))).isEqualTo(new Result.Written(i + 1));
    }
  }

  @Test
  void writesGatherWhileAppendsAreInFlight() {
    Replica replica = replica(new ReplicaConfig.Bounds(64, 64 << 20, 16, 1));
    log.holdAppends();
    for (int i = 0; i < 5; i++) {
      var _ = replica.put(KEY, value("" + i));
    }
    var first = log.nextAppend();
    assertThat(values(first.records)).containsExactly("0");
    assertThat(log.appends).isEmpty();
    first.acknowledge();
    assertThat(values(log.nextAppend().records)).containsExactly("1", "2", "3", "4");
  }
}
