package io.tidemark.replica;

import static io.tidemark.replica.ReadConsistency.LINEARIZABLE;
import static io.tidemark.replica.ReadConsistency.LOCAL;
import static io.tidemark.replica.TestParts.eventually;
import static io.tidemark.replica.TestParts.failure;
import static io.tidemark.replica.TestParts.foreignPut;
import static io.tidemark.replica.TestParts.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.base.Bytes;
import io.tidemark.log.LogException;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.Snapshot;
import io.tidemark.statemachine.ViewException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a replica begins, lives through its log's absence, stops, and is closed.
class ReplicaLifecycleTest {
  private static final Bytes KEY = Bytes.utf8("k");
  private static final Bytes VALUE = Bytes.utf8("v");

  @TempDir Path directory;

  private final ScriptedLog log = new ScriptedLog();
  private final ManualTime time = new ManualTime();
  private final List<Replica> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(Replica::close);
  }

  private Replica open(ScriptedLog on) {
    Replica replica = Replica.open(TestParts.config(directory, on, time));
    open.add(replica);
    return replica;
  }

  private Replica running() {
    Replica replica = open(log);
    eventually(() -> replica.status().logProven());
    return replica;
  }

  /// Lets time pass until something holds that the replica's threads bring about meanwhile.
  private void passUntil(BooleanSupplier holds) {
    eventually(() -> {
      time.pass(Duration.ofMillis(10));
      return holds.getAsBoolean();
    });
  }

  // The log's absence.

  @Test
  void aReplicaOpensWithoutItsLogAndComesUpWhenItIsThere() {
    log.setAway(true);
    Replica replica = open(log);
    assertThat(soon(replica.get(KEY, LOCAL)).value()).isEmpty();
    eventually(() -> time.scheduled() > 0);
    assertThat(failure(replica.get(KEY, LINEARIZABLE)))
        .isInstanceOf(ReplicaException.LogUnavailable.class);
    var early =
        replica.write(new Command.Put(KEY, VALUE), Optional.empty(), ReplicaConfig.TIMEOUT_MAX);

    log.setAway(false);
    passUntil(() -> replica.status().logProven());

    assertThat(soon(early)).isEqualTo(new Result.Written(1));
    assertThat(soon(replica.get(KEY, LINEARIZABLE)).value()).isPresent();
  }

  @Test
  void aWriteThatNeverReachedTheLogIsSaidToHaveHadNoEffect() {
    log.setAway(true);
    Replica replica = open(log);
    var write = replica.put(KEY, VALUE);
    time.pass(Duration.ofSeconds(6));
    ReplicaException failure = failure(write);
    assertThat(failure).isInstanceOf(ReplicaException.LogUnavailable.class);
    assertThat(failure.retry()).isEqualTo(ReplicaException.Retry.SAFE);

    log.setAway(false);
    passUntil(() -> replica.status().logProven());
    soon(replica.put(Bytes.utf8("other"), VALUE));
    assertThat(log.tail()).as("the failed write was never sent").isEqualTo(2);
  }

  @Test
  void allRecoversByItselfWhenTheLogGoesAwayAndComesBack() {
    Replica replica = running();
    soon(replica.put(KEY, VALUE));

    log.setAway(true);
    assertThat(failure(replica.put(KEY, VALUE)))
        .isInstanceOf(ReplicaException.LogUnavailable.class);
    assertThat(failure(replica.get(KEY, LINEARIZABLE)))
        .isInstanceOf(ReplicaException.LogUnavailable.class);
    assertThat(failure(replica.checkTail(Duration.ofSeconds(1))))
        .isInstanceOf(ReplicaException.LogUnavailable.class);
    assertThat(soon(replica.get(KEY, LOCAL)).value()).isPresent();
    log.store(List.of(foreignPut("k", "meanwhile")));

    log.setAway(false);
    assertThat(soon(replica.get(KEY, LINEARIZABLE)).value().orElseThrow().value())
        .isEqualTo(Bytes.utf8("meanwhile"));
    assertThat(soon(replica.put(KEY, VALUE))).isEqualTo(new Result.Written(3));
    assertThat(soon(replica.checkTail(Duration.ofSeconds(1)))).isEqualTo(4);
  }

  // Logs that a view cannot follow.

  @Test
  void aViewFollowsNoOtherLogAndGivesItNothing() {
    soon(running().put(KEY, VALUE));
    close();
    open.clear();
    var other = new ScriptedLog(new UUID(2, 2));

    Replica replica = open(other);
    var write = replica.put(KEY, VALUE);

    assertThat(soon(replica.stopped())).contains(new UUID(1, 1) + "", new UUID(2, 2) + "");
    assertThat(failure(write)).isInstanceOf(ReplicaException.Stopped.class);
    assertThat(failure(replica.get(KEY, LOCAL))).isInstanceOf(ReplicaException.Stopped.class);
    assertThat(other.tail()).isEqualTo(1);
  }

  @Test
  void aLogThatWasTrimmedBeyondTheViewStopsTheReplica() {
    log.store(List.of(foreignPut("a", "1"), foreignPut("b", "2")));
    log.setTrimPoint(3);
    assertThat(soon(open(log).stopped())).contains("trimmed", "begins at 3", "checkpoint");
  }

  @Test
  void aLogThatLostWhatTheViewHasAppliedStopsTheReplica() {
    soon(running().put(KEY, VALUE));
    close();
    open.clear();
    assertThat(soon(open(new ScriptedLog()).stopped())).contains("ends at 1", "lost");
  }

  // Stopping.

  @Test
  void aRecordFromTheFutureStopsTheReplicaAndAsksForAnUpgrade() {
    Replica replica = running();
    var waitingRead = replica.get(KEY, new ReadConsistency.AtLeast(2));
    log.holdAppends();
    var sent = replica.put(KEY, VALUE);
    var _ = log.nextAppend();

    log.store(List.of(withFieldFromTheFuture(foreignPut("k", "v"))));

    assertThat(soon(replica.stopped())).contains("upgrade");
    assertThat(replica.status().state()).isInstanceOf(ReplicaStatus.State.Stopped.class);
    assertThat(failure(waitingRead)).isInstanceOf(ReplicaException.Stopped.class);
    assertThat(failure(sent)).isInstanceOf(ReplicaException.OutcomeUnknown.class);
    assertThat(failure(replica.put(KEY, VALUE))).isInstanceOf(ReplicaException.Stopped.class);
    assertThat(failure(replica.get(KEY, LINEARIZABLE)))
        .isInstanceOf(ReplicaException.Stopped.class);
    assertThat(replica.status().applied()).as("the record was not passed over").isEqualTo(1);
    assertThat(replica.status().writesWaiting()).isZero();
    assertThat(replica.status().readsWaiting()).isZero();
  }

  private static Bytes withFieldFromTheFuture(Bytes record) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(record.toArray());
    // Field 100, a varint of 1.
    bytes.writeBytes(new byte[] {(byte) 0xa0, 0x06, 0x01});
    return Bytes.wrap(bytes.toByteArray());
  }

  @Test
  void aCorruptLogStopsTheReplica() {
    Replica replica = running();
    log.failReaders(new LogException.Corrupt("segment 7 at offset 9"));
    assertThat(soon(replica.stopped())).contains("segment 7 at offset 9");
    assertThat(failure(replica.get(KEY, LOCAL))).isInstanceOf(ReplicaException.Stopped.class);
  }

  @Test
  void garbageInTheLogStopsTheReplica() {
    Replica replica = running();
    log.store(List.of(Bytes.utf8("no record of ours")));
    assertThat(soon(replica.stopped())).isNotEmpty();
  }

  @Test
  void aSealedLogEndsWritesAndLeavesReadsRight() {
    Replica replica = running();
    soon(replica.put(KEY, VALUE));
    var _ = log.seal();
    ReplicaException failure = failure(replica.put(KEY, VALUE));
    assertThat(failure).isInstanceOf(ReplicaException.LogEnded.class);
    assertThat(failure.retry()).isEqualTo(ReplicaException.Retry.NEVER);
    assertThat(soon(replica.get(KEY, LINEARIZABLE)).value()).isPresent();
    assertThat(replica.status().state()).isInstanceOf(ReplicaStatus.State.Running.class);
  }

  // Closing.

  @Test
  void closingAnswersEverybody() {
    Replica replica =
        Replica.open(
            TestParts.config(directory, log, time)
                .withBounds(new ReplicaConfig.Bounds(16, 64 << 20, 16, 1)));
    eventually(() -> replica.status().logProven());
    log.holdAppends();
    var sent = replica.put(KEY, VALUE);
    var unsent = replica.put(KEY, VALUE);
    var read = replica.get(KEY, new ReadConsistency.AtLeast(5));
    var _ = log.nextAppend();

    replica.close();
    replica.close();

    assertThat(failure(sent)).isInstanceOf(ReplicaException.OutcomeUnknown.class);
    assertThat(failure(unsent)).isInstanceOf(ReplicaException.Closed.class);
    assertThat(failure(read)).isInstanceOf(ReplicaException.Closed.class);
    assertThat(failure(replica.put(KEY, VALUE))).isInstanceOf(ReplicaException.Closed.class);
    assertThat(failure(replica.get(KEY, LOCAL))).isInstanceOf(ReplicaException.Closed.class);
    assertThat(replica.status().state()).isEqualTo(new ReplicaStatus.State.Closed());
    assertThat(replica.stopped()).isNotDone();
    assertThat(log.appends).isEmpty();
  }

  @Test
  void aClosedReplicaLeavesNoThreadAndNoMetric() {
    var registry = new MetricRegistry();
    var config = ReplicaConfig.of(directory, log).withMemoryBytes(8 << 20).withMetrics(registry);
    Replica replica = Replica.open(config);
    soon(replica.put(KEY, VALUE));
    soon(replica.get(KEY, LINEARIZABLE));
    assertThat(registry.getNames()).contains("replica.write.latency", "replica.applied");
    assertThat(threadsOfReplicas()).isNotEmpty();

    replica.close();

    assertThat(registry.getNames()).isEmpty();
    eventually(() -> threadsOfReplicas().isEmpty());
  }

  private static List<String> threadsOfReplicas() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("kv-"))
        .toList();
  }

  @Test
  void aReplicaMayBeClosedFromWhatHangsOnItsFutures() {
    Replica replica = running();
    soon(replica.put(KEY, VALUE).thenAccept(_ -> replica.close()));
    assertThat(replica.status().state()).isEqualTo(new ReplicaStatus.State.Closed());
  }

  @Test
  void whatWasAppliedIsThereAgainAfterReopening() {
    Replica first = running();
    soon(first.put(KEY, VALUE));
    first.close();
    log.setAway(true);
    Replica second = open(log);
    assertThat(soon(second.get(KEY, LOCAL)).value().orElseThrow().value()).isEqualTo(VALUE);
    assertThat(second.status().logId()).contains(new UUID(1, 1));
    assertThat(second.status().logProven()).isFalse();
  }

  @Test
  void twoReplicasInOneDirectoryAreRefused() {
    running();
    assertThatThrownBy(() -> open(log))
        .isInstanceOf(ViewException.InUse.class)
        .hasMessageContaining(directory.toString());
  }

  @Test
  void aSnapshotOfACancelledReadIsLetGo() {
    Replica replica = running();
    var snapshot = replica.snapshot(new ReadConsistency.AtLeast(1), Duration.ofSeconds(1));
    assertThat(snapshot.cancel(false)).isTrue();
    soon(replica.put(KEY, VALUE));
    eventually(() -> replica.status().readsWaiting() == 0);
    try (Snapshot whole = soon(replica.snapshot(LOCAL, Duration.ofSeconds(1)))) {
      assertThat(whole.applied()).isEqualTo(2);
      assertThat(whole.get(KEY)).isPresent();
    }
  }
}
