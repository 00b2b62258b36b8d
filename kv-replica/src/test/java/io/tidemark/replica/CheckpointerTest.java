package io.tidemark.replica;

import static io.tidemark.replica.CheckpointWorld.contents;
import static io.tidemark.replica.TestParts.eventually;
import static io.tidemark.replica.TestParts.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Digests.Digested;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How replicas make, compare and verify checkpoints, and trim the log.
class CheckpointerTest {
  @TempDir Path directory;

  private CheckpointWorld world;

  @BeforeEach
  void begin() {
    world = new CheckpointWorld(directory);
  }

  @AfterEach
  void close() {
    world.close();
  }

  // Making.

  @Test
  void aCheckpointIsMadeWhenItIsDueAndVerifiedByAnotherReplica() {
    // However slow the machine is: the maker waits for the other.
    Replica a = world.open("a", world.log, world.config().withPatience(Duration.ofDays(1)));
    Replica b = world.open("b", world.log, world.config().withRoles(false, true));
    world.write(a, 5);
    world.passUntil(() -> b.status().applied() == a.status().applied());
    assertThat(world.catalogue().checkpoints()).isEmpty();

    world.nextVerified(a);

    Checkpoint made = world.catalogue().newestVerified().orElseThrow();
    var facts = made.manifest().facts();
    assertThat(made.verdict().orElseThrow().isMaker()).isFalse();
    assertThat(made.verdict().orElseThrow().verifier()).isNotEqualTo(facts.maker());
    assertThat(new Digested(facts.digest(), facts.rows())).isEqualTo(world.folded(made.position()));
    assertThat(markAt(made.position() - 1)).isPresent();
    world.passUntil(() -> b.status().checkpoints().orElseThrow().verified().isPresent());
    CheckpointStatus status = b.status().checkpoints().orElseThrow();
    assertThat(status.last().orElseThrow().position()).isEqualTo(made.position());
    assertThat(status.verified()).hasValue(made.position());
    assertThat(files(directory.resolve("a.work"))).isEmpty();
  }

  @Test
  void ofTwoWhoFindItDueAtOnceExactlyOneMakesIt() {
    var keepsTheLog = world.config().withRetention(1 << 30, Duration.ZERO);
    Replica a = world.open("a", world.log, keepsTheLog);
    world.open("b", world.log, keepsTheLog);
    for (int round = 0; round < 3; round++) {
      world.nextVerified(a);
    }
    var effective = effectiveMarks();
    assertThat(world.catalogue().checkpoints())
        .allSatisfy(made -> assertThat(effective).contains(made.position() - 1));
    assertThat(effective).as("no mark follows another for nothing").hasSize(3);
  }

  @Test
  void aCheckpointIsDueByAgeIfAnythingWasWritten() {
    Replica a =
        world.open("a", world.log, world.config().withEvery(1 << 30, Duration.ofMinutes(10)));
    world.time.pass(Duration.ofMinutes(30));
    world.write(a, 1);
    world.passUntil(() -> world.catalogue().usable().size() == 1);
    world.passUntil(() -> world.verified().size() == 1);
    long marked = a.status().applied();
    world.time.pass(Duration.ofMinutes(30));
    assertThat(a.status().applied()).as("nothing was written, so no mark is").isEqualTo(marked);
  }

  @Test
  void whoDoesNotMakeAppendsNoMark() {
    Replica a = world.open("a", world.log, world.config().withRoles(false, true));
    world.writeUntilDue(a);
    world.time.pass(Duration.ofMinutes(1));
    assertThat(effectiveMarks()).isEmpty();
  }

  @Test
  void aMakerThatIsAloneVerifiesItsCheckpointAfterItsPatience() {
    Replica a = world.open("a");
    world.writeUntilDue(a);
    world.passUntil(() -> world.catalogue().usable().size() == 1);
    assertThat(world.verified()).isEmpty();
    world.passUntil(() -> world.verified().size() == 1);
    var verdict = world.catalogue().newestVerified().orElseThrow().verdict().orElseThrow();
    assertThat(verdict.isMaker()).isTrue();
  }

  @Test
  void aMakerThatIsAloneVerifiesThoughTheNextCheckpointComesBeforeItsPatienceEnds() {
    Replica a = world.open("a");
    for (int made = 1; made <= 6; made++) {
      int before = made - 1;
      world.writeUntilDue(a);
      world.passUntil(() -> a.status().checkpoints().orElseThrow().made() > before);
      world.time.pass(Duration.ofSeconds(2));
    }
    assertThat(world.verified()).isNotEmpty();
  }

  @Test
  void aMarkWhoseMakerVanishedIsFollowedByAnother() {
    Replica a = world.open("a");
    world.write(a, 5);
    Bytes mark =
        ProposalCodec.encode(new Proposal(99, 1, Optional.empty(), 7, new Command.Mark(0)));
    soon(world.log.append(List.of(mark), Precondition.NONE));
    world.writeUntilDue(a);
    world.passUntil(() -> world.catalogue().usable().size() == 1);
    assertThat(effectiveMarks()).hasSize(2);
    assertThat(world.catalogue().usable().getFirst().position())
        .isEqualTo(effectiveMarks().getLast() + 1);
  }

  @Test
  void aStoreThatIsAwayHurtsNobodyAndIsTriedAgain() {
    world.objects.setAway(key -> key.startsWith("pieces/"));
    Replica a = world.open("a");
    world.writeUntilDue(a);
    world.passUntil(() -> a.status().checkpoints().orElseThrow().failures() > 1);
    assertThat(a.status().checkpoints().orElseThrow().lastFailure()).contains("uploading");
    world.write(a, 10);
    assertThat(contents(a)).isNotEmpty();
    assertThat(effectiveMarks()).hasSize(1);

    world.objects.setAway(_ -> false);
    world.passUntil(() -> world.verified().size() == 1);
    world.passUntil(() -> a.status().checkpoints().orElseThrow().lastFailure().isEmpty());
  }

  @Test
  void whileTheStoreIsAwayAtAllTheLogIsNotFilledWithMarks() {
    Replica a = world.open("a");
    world.nextVerified(a);
    world.objects.setAway(_ -> true);
    world.writeUntilDue(a);
    world.passUntil(() -> a.status().checkpoints().orElseThrow().failures() > 2);
    assertThat(effectiveMarks().size()).isLessThanOrEqualTo(2);
    world.write(a, 10);
    assertThat(contents(a)).isNotEmpty();
  }

  @Test
  void whatAnEarlierProcessLeftIsRemovedAtTheStart() throws Exception {
    Path left = Files.createDirectories(directory.resolve("a.work/made-17"));
    Files.writeString(left.resolve("000012.sst"), "left");
    world.open("a");
    assertThat(left).doesNotExist();
  }

  // Verifying.

  @Test
  void aDamagedCheckpointIsDoomedAndTheNextOneStandsOnItsOwn() {
    Replica a = world.open("a");
    world.writeUntilDue(a);
    world.passUntil(() -> world.catalogue().usable().size() == 1);
    long first = world.catalogue().usable().getFirst().position();
    assertThat(world.objects.damage("pieces/")).isPositive();
    world.passUntil(() -> world.catalogue().at(first).orElseThrow().doomed().isPresent());
    assertThat(a.status().state()).isInstanceOf(ReplicaStatus.State.Running.class);

    world.nextVerified(a);
    assertThat(world.verified()).doesNotContain(first);
  }

  @Test
  void aReplicaThatDiffersFromACheckpointAndFromTheLogStops() {
    Replica honest = world.open("honest");
    Replica bent =
        world.open(
            "bent",
            new BentLog(world.log).bending(this::bent),
            world.config().withRoles(false, true));
    world.writeUntilDue(honest);
    eventually(() -> {
      world.time.pass(Duration.ofMillis(100));
      return bent.stopped().isDone();
    });
    long position = world.catalogue().checkpoints().getFirst().position();
    var facts = world.catalogue().checkpoints().getFirst().manifest().facts();
    assertThat(soon(bent.stopped()))
        .contains("differs", "position:      " + position, facts.digest().toString())
        .contains("bent (", "honest (", "delete the directory");
    world.passUntil(() -> world.verified().equals(List.of(position)));
    world.write(honest, 1);
    assertThat(honest.status().state()).isInstanceOf(ReplicaStatus.State.Running.class);
  }

  @Test
  void aMakerThatDiffersFromTheLogIsFoundOutAndStopsAndItsCheckpointIsNotUsed() {
    Replica bent = world.open("bent", new BentLog(world.log).bending(this::bent), world.config());
    Replica honest = world.open("honest", world.log, world.config().withRoles(false, true));
    world.writeUntilDue(bent);
    eventually(() -> {
      world.time.pass(Duration.ofMillis(100));
      return bent.stopped().isDone();
    });
    assertThat(soon(bent.stopped())).contains("differs", "the log folded anew gives");
    assertThat(world.catalogue().usable()).isEmpty();
    assertThat(world.verified()).isEmpty();
    world.write(honest, 1);
    assertThat(honest.status().state()).isInstanceOf(ReplicaStatus.State.Running.class);
  }

  /// One value of one record is another.
  private LogRecord bent(LogRecord record) {
    Proposal proposal = ProposalCodec.decode(record.payload());
    if (proposal.command() instanceof Command.Put(Bytes key, Bytes value)
        && value.utf8().endsWith("00007")) {
      byte[] other = value.toArray();
      other[0] ^= 1;
      return new LogRecord(
          record.position(),
          ProposalCodec.encode(
              new Proposal(
                  proposal.proposer(),
                  proposal.ordinal(),
                  proposal.requestId(),
                  proposal.wallMillis(),
                  new Command.Put(key, Bytes.wrap(other)))));
    }
    return record;
  }

  // Trimming.

  @Test
  void theLogIsTrimmedToTheSecondNewestVerifiedCheckpointAndOldOnesArePruned() {
    Replica a = world.open("a");
    world.nextVerified(a);
    world.time.pass(Duration.ofMinutes(2));
    assertThat(world.trimPoint()).as("one checkpoint is not enough").isEqualTo(1);
    world.nextVerified(a);
    long second = world.verified().getFirst();
    world.passUntil(() -> world.trimPoint() == second);
    world.nextVerified(a);
    long third = world.verified().get(world.verified().size() - 2);
    world.passUntil(() -> world.trimPoint() == third);
    world.passUntil(() -> world.verified().size() == 2);
    world.passUntil(() -> a.status().checkpoints().orElseThrow().trimPoint().orElse(0) == third);
  }

  @Test
  void whatNobodyVerifiedIsNeverTrimmedTo() {
    var patient = world.config().withPatience(Duration.ofHours(1));
    Replica a = world.open("a", world.log, patient);
    for (int made = 1; made <= 3; made++) {
      int wanted = made;
      world.writeUntilDue(a);
      world.passUntil(() -> world.catalogue().usable().size() == wanted);
    }
    world.time.pass(Duration.ofMinutes(5));
    assertThat(world.verified()).isEmpty();
    assertThat(world.trimPoint()).isEqualTo(1);
  }

  @Test
  void aTrimThatFailsIsMadeLater() {
    var log = new BentLog(world.log);
    log.setTrimming(false);
    Replica a = world.open("a", log, world.config());
    world.nextVerified(a);
    world.nextVerified(a);
    world.passUntil(() -> a.status().checkpoints().orElseThrow().failures() > 0);
    assertThat(world.trimPoint()).isEqualTo(1);
    log.setTrimming(true);
    world.passUntil(() -> world.trimPoint() > 1);
  }

  // The log, as it is.

  private Optional<Command> markAt(long position) {
    return commands().stream()
        .filter(each -> each.position == position && each.command instanceof Command.Mark)
        .map(each -> each.command)
        .findFirst();
  }

  private record At(long position, Command command) {}

  private List<At> commands() {
    var found = new ArrayList<At>();
    long tail = soon(world.log.checkTail()).position();
    try (var reader = world.log.read(world.trimPoint())) {
      while (reader.position() < tail) {
        for (LogRecord record : reader.next()) {
          found.add(new At(record.position(), ProposalCodec.decode(record.payload()).command()));
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return found;
  }

  /// Positions of marks that took effect, by the rule; the log must be whole or begin at a mark.
  private List<Long> effectiveMarks() {
    var effective = new ArrayList<Long>();
    Optional<Long> last = Optional.empty();
    for (At each : commands()) {
      if (each.command instanceof Command.Mark(long previous)
          && (last.isPresent() ? previous == last.get() : true)) {
        effective.add(each.position);
        last = Optional.of(each.position);
      }
    }
    return effective;
  }

  private static List<Path> files(Path directory) {
    try (var files = Files.list(directory)) {
      return files.toList();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aMarkOfAClientIsAnsweredWithWhatBecameOfIt() {
    Replica a = world.open("a");
    var first = soon(a.write(new Command.Mark(0), Optional.empty(), Duration.ofSeconds(1)));
    assertThat(first).isEqualTo(new Result.Marked(1, true));
    var second = soon(a.write(new Command.Mark(0), Optional.empty(), Duration.ofSeconds(1)));
    assertThat(second).isEqualTo(new Result.Marked(2, false));
    world.passUntil(() -> world.catalogue().usable().size() == 1);
    assertThat(world.catalogue().usable().getFirst().position()).isEqualTo(2);
  }
}
