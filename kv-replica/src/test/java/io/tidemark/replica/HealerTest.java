package io.tidemark.replica;

import static io.tidemark.replica.CheckpointWorld.contents;
import static io.tidemark.replica.ReadConsistency.LINEARIZABLE;
import static io.tidemark.replica.ReadConsistency.LOCAL;
import static io.tidemark.replica.TestParts.eventually;
import static io.tidemark.replica.TestParts.failure;
import static io.tidemark.replica.TestParts.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Seams;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.RocksView;
import io.tidemark.statemachine.StoredView;
import io.tidemark.statemachine.ViewException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a replica takes over a checkpoint: at its start and while it runs.
class HealerTest {
  private static final Bytes OLD = Bytes.utf8("old");
  private static final Bytes KEY = Bytes.utf8("k");
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path directory;

  private CheckpointWorld world;
  private Replica maker;

  @BeforeEach
  void begin() {
    world = new CheckpointWorld(directory);
    maker = world.open("maker");
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void trim() {
    world.nextVerified(maker);
    world.nextVerified(maker);
    world.passUntil(() -> world.trimPoint() > 1);
  }

  private void proven(Replica replica) {
    world.passUntil(() -> replica.status().logProven());
  }

  private static long installed(Replica replica) {
    return replica.status().checkpoints().orElseThrow().installed();
  }

  // At the start.

  @Test
  void anEmptyReplicaOfATrimmedLogBeginsWithTheNewestVerifiedCheckpoint() {
    long session =
        ((Result.SessionOpened)
                soon(maker.write(new Command.OpenSession(), Optional.empty(), LONG)))
            .session();
    var request = Optional.of(new RequestId(session, 1));
    var put = new Command.Put(KEY, Bytes.utf8("once"));
    Result first = soon(maker.write(put, request, LONG));
    trim();
    world.write(maker, 3);

    Replica fresh = world.open("fresh");
    proven(fresh);

    assertThat(installed(fresh)).isOne();
    assertThat(contents(fresh)).isEqualTo(contents(maker));
    assertThat(soon(fresh.write(put, request, LONG)))
        .as("what sessions remember is in the checkpoint")
        .isEqualTo(first);
    world.write(fresh, 1);
    assertThat(contents(maker)).isEqualTo(contents(fresh));
    assertThat(directory.resolve("fresh.work")).isEmptyDirectory();
    world.nextVerified(fresh);
    assertThat(fresh.status().state()).isEqualTo(new ReplicaStatus.State.Running());
  }

  @Test
  void aCheckpointMayBeOfLaterThanTheTailThatWasTold() {
    world.nextVerified(maker);
    Replica fresh = world.open("fresh", new BentLog(world.log).withFirstTail(1), world.config());
    proven(fresh);
    assertThat(installed(fresh)).isOne();
    assertThat(contents(fresh)).isEqualTo(contents(maker));
  }

  @Test
  void anEmptyReplicaOfAWholeLogBeginsWithACheckpointWhereThatSparesItMuch() {
    world.nextVerified(maker);
    Replica fresh = world.open("fresh");
    proven(fresh);
    assertThat(installed(fresh)).isOne();
    assertThat(contents(fresh)).isEqualTo(contents(maker));

    Replica other = world.open("other", world.log, world.config().withInstallBytes(1 << 30));
    proven(other);
    assertThat(installed(other)).isZero();
    assertThat(contents(other)).isEqualTo(contents(maker));
  }

  @Test
  void aCheckpointThatNobodyVerifiedIsTakenOnlyWhereTheLogGivesNoChoice() {
    world.writeUntilDue(maker);
    world.passUntil(() -> world.catalogue().usable().size() == 1);
    world.close(maker);
    Replica fresh = world.open("fresh", world.log, world.config().withRoles(false, false));
    proven(fresh);
    assertThat(installed(fresh)).isZero();
    soon(world.log.trim(world.catalogue().usable().getFirst().position()));
    Replica other = world.open("other", world.log, world.config().withRoles(false, false));
    proven(other);
    assertThat(installed(other)).isOne();
    assertThat(contents(other)).isEqualTo(contents(fresh));
  }

  @Test
  void aStoreThatIsAwayIsWaitedForWhereTheLogGivesNoChoice() {
    trim();
    world.objects.setAway(_ -> true);
    Replica fresh = world.open("fresh");
    world.passUntil(() -> fresh.status().checkpoints().orElseThrow().failures() > 0);
    assertThat(soon(fresh.get(KEY, LOCAL)).value()).isEmpty();
    assertThat(fresh.status().state()).isEqualTo(new ReplicaStatus.State.Running());
    world.objects.setAway(_ -> false);
    proven(fresh);
    assertThat(contents(fresh)).isEqualTo(contents(maker));
  }

  @Test
  void aStoreThatIsAwayKeepsNobodyFromFoldingALogThatIsWhole() {
    world.nextVerified(maker);
    world.objects.setAway(_ -> true);
    Replica fresh = world.open("fresh");
    proven(fresh);
    assertThat(installed(fresh)).isZero();
    assertThat(contents(fresh)).isEqualTo(contents(maker));
  }

  @Test
  void aCheckpointThatIsDamagedIsPassedOverForTheOneBefore() {
    trim();
    var verified = world.verified();
    assertThat(world.objects.damage("pieces/%016x".formatted(verified.getLast()))).isPositive();
    Replica fresh = world.open("fresh");
    proven(fresh);
    assertThat(installed(fresh)).isOne();
    assertThat(contents(fresh)).isEqualTo(contents(maker));
  }

  @Test
  void aCrashWhileTheViewIsReplacedLeavesAReplicaThatBeginsAgain() {
    trim();
    var crashing =
        new Environment.Views() {
          @Override
          public StoredView open(Path at, long memoryBytes) {
            return RocksView.open(at, memoryBytes);
          }

          @Override
          public void replace(Path view, Path from, Path aside) {
            assertThat(view.toFile().renameTo(aside.toFile())).isTrue();
            throw new UncheckedIOException(new java.io.IOException("the machine crashes here"));
          }
        };
    var config = TestParts.config(world.view("fresh"), world.log, world.time);
    var environment = config.environment().orElseThrow();
    try (var crashed =
        Replica.open(
            config
                .withEnvironment(
                    new Environment(
                        environment.clock(),
                        environment.timers(),
                        environment.threads(),
                        environment.executor(),
                        environment.random(),
                        crashing))
                .withCheckpoints(world.config()))) {
      world.passUntil(() -> crashed.stopped().isDone());
      assertThat(soon(crashed.stopped())).contains("crashes here");
    }
    assertThat(world.view("fresh")).doesNotExist();

    Replica fresh = world.open("fresh");
    proven(fresh);
    assertThat(contents(fresh)).isEqualTo(contents(maker));
  }

  // While it runs.

  @Test
  void aRunningReplicaThatIsTrimmedAwayGoesOnFromACheckpoint() {
    soon(maker.put(OLD, Bytes.utf8("soon gone")));
    var log = new BentLog(world.log);
    Replica slow = world.open("slow", log, world.config().withRoles(false, false));
    world.passUntil(() -> slow.status().applied() == maker.status().applied());
    var hold = log.hold();
    // One record comes through: the reader waited for it before it was held up.
    soon(maker.delete(KEY));
    eventually(() -> slow.status().applied() == maker.status().applied());
    var skipped = slow.write(new Command.Put(KEY, Bytes.utf8("slow's")), Optional.empty(), LONG);
    soon(maker.delete(OLD));
    trim();
    var waiting = slow.snapshot(LINEARIZABLE, LONG);
    var held = soon(slow.snapshot(LOCAL, LONG));
    assertThat(held.get(OLD)).isPresent();
    assertThat(waiting).isNotDone();

    hold.countDown();

    try (var now = soon(waiting)) {
      assertThat(now.get(OLD)).as("an old view's keys do not come back").isEmpty();
      assertThat(now.get(KEY).orElseThrow().value()).isEqualTo(Bytes.utf8("slow's"));
    }
    assertThat(installed(slow)).isOne();
    assertThat(contents(slow)).isEqualTo(contents(maker));
    assertThatThrownBy(() -> held.get(OLD)).isInstanceOf(ViewException.Closed.class);
    held.close();
    assertThat(skipped).isNotDone();
    world.time.pass(LONG.plusSeconds(1));
    assertThat(failure(skipped)).isInstanceOf(ReplicaException.OutcomeUnknown.class);
    world.write(slow, 2);
    assertThat(contents(maker)).isEqualTo(contents(slow));
  }

  @Test
  void whoListensIsToldThatRecordsWereSkipped() throws Exception {
    var log = new BentLog(world.log);
    Replica slow = world.open("slow", log, world.config().withRoles(false, false));
    proven(slow);
    var hold = log.hold();
    soon(maker.delete(KEY));
    eventually(() -> slow.status().applied() == maker.status().applied());
    var skippedTo = new java.util.concurrent.atomic.AtomicLong();
    try (var _ =
        slow.listen(
            new AppliedListener() {
              @Override
              public void applied(long revision, Command command, Result result) {}

              @Override
              public void skipped(long applied) {
                skippedTo.set(applied);
              }
            })) {
      trim();
      hold.countDown();
      world.passUntil(() -> installed(slow) == 1 && skippedTo.get() > 0);
      assertThat(world.verified()).contains(skippedTo.get());
    }
  }

  // What is refused.

  @Test
  void checkpointsOfAnotherDatabaseAreRefused() {
    trim();
    var objects = new MemoryObjects();
    var seams = new Seams(world.time, world.time, new SplittableRandom(1));
    try (var other = CheckpointStore.open(objects, seams, new UUID(8, 8))) {
      assertThat(other.logId()).isEqualTo(new UUID(8, 8));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    Replica fresh = world.open("fresh", world.log, CheckpointConfig.of(objects));
    world.passUntil(() -> fresh.stopped().isDone());
    assertThat(soon(fresh.stopped()))
        .contains(new UUID(8, 8).toString(), CheckpointWorld.LOG_ID.toString());
  }

  @Test
  void aCheckpointThatIsAheadOfTheLogIsRefused() {
    trim();
    var older = new MemoryLog(CheckpointWorld.LOG_ID);
    Replica fresh = world.open("fresh", older, world.config());
    world.passUntil(() -> fresh.stopped().isDone());
    assertThat(soon(fresh.stopped())).contains("ahead of the log, which ends at 1");
  }

  @Test
  void whereNoCheckpointClosesTheGapTheReplicaStopsAndSaysWhatIsThere() {
    trim();
    long newest = world.verified().getLast();
    world.close(maker);
    Replica behind = world.open("behind", world.log, world.config().withRoles(false, false));
    proven(behind);
    world.write(behind, 30);
    soon(world.log.trim(behind.status().applied()));
    Replica fresh = world.open("fresh");
    world.passUntil(() -> fresh.stopped().isDone());
    assertThat(soon(fresh.stopped()))
        .contains("no checkpoint in memory closes the gap", "the newest is at " + newest);
  }

  @Test
  void withoutAPlaceForCheckpointsAReplicaThatIsTrimmedAwayStops() {
    trim();
    try (var fresh = Replica.open(TestParts.config(world.view("fresh"), world.log, world.time))) {
      world.passUntil(() -> fresh.stopped().isDone());
      assertThat(soon(fresh.stopped())).contains("trimmed", "needs a checkpoint");
    }
    assertThat(soon(maker.deleteRange(KeyRange.ALL))).isInstanceOf(Result.Deleted.class);
  }
}
