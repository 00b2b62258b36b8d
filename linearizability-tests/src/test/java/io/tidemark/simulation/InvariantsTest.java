package io.tidemark.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.LogException;
import io.tidemark.log.LogRecord;
import io.tidemark.replica.ReadConsistency;
import io.tidemark.simulation.ClientOperation.Asked;
import io.tidemark.simulation.ClientOperation.Ended;
import io.tidemark.statemachine.Command;
import io.tidemark.statemachine.Condition;
import io.tidemark.statemachine.KeyRange;
import io.tidemark.statemachine.KeyValue;
import io.tidemark.statemachine.Operation;
import io.tidemark.statemachine.Proposal;
import io.tidemark.statemachine.ProposalCodec;
import io.tidemark.statemachine.RequestId;
import io.tidemark.statemachine.Result;
import io.tidemark.statemachine.ViewStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Every rule accepts a sound run and rejects one that was tampered with by hand.
class InvariantsTest {
  private static final Bytes KEY = Bytes.utf8("k0");
  private static final Bytes OTHER = Bytes.utf8("k1");

  /// What makes each rule's run unsound.
  private static final Map<Class<? extends Invariant>, Consumer<Evidence>> TAMPERINGS =
      tamperings();

  @Test
  void everyRuleAcceptsASoundRun() {
    for (Invariant invariant : Invariant.all()) {
      assertThat(violations(invariant, soundRun())).as(invariant.rule()).isEmpty();
    }
  }

  @Test
  void aRecordThatNobodyAppendedIsFound() {
    Evidence evidence = soundRun();
    var more = new ArrayList<>(evidence.log);
    more.add(record(5, 9, Optional.empty(), new Command.OpenSession()));
    evidence.log = more;
    assertThat(violations(new BatchesAreWholeAndOnce(), evidence)).isNotEmpty();
  }

  @Test
  void everyWayToTrimTooMuchIsFound() {
    var rule = new TrimsTakeNothingNeeded();
    Evidence sound = soundRun();
    sound.trims.add(new Evidence.Trim(3, 3, 1));
    sound.trims.add(new Evidence.Trim(3, 3, 2));
    sound.latecomers.add(new Evidence.Latecomer(1, 2, true));
    sound.latecomers.add(new Evidence.Latecomer(3, 3, false));
    assertThat(violations(rule, sound)).isEmpty();
    Evidence back = soundRun();
    back.trims.add(new Evidence.Trim(3, 3, 3));
    back.trims.add(new Evidence.Trim(3, 2, 2));
    assertThat(violations(rule, back)).isNotEmpty();
    Evidence beyond = soundRun();
    beyond.trims.add(new Evidence.Trim(4, 2, 3));
    assertThat(violations(rule, beyond)).isNotEmpty();
    Evidence skipped = soundRun();
    skipped.latecomers.add(new Evidence.Latecomer(1, 3, false));
    assertThat(violations(rule, skipped)).isNotEmpty();
    Evidence told = soundRun();
    told.latecomers.add(new Evidence.Latecomer(3, 2, true));
    assertThat(violations(rule, told)).isNotEmpty();
  }

  @Test
  void aReplicaThatTrimsMoreThanTwoCheckpointsCoverIsFound() {
    var rule = new TrimsTakeNothingNeeded();
    Evidence sound = soundRun();
    sound.ownTrims.add(new Evidence.OwnTrim("replica0", 3, 3, 3, 4));
    sound.ownTrims.add(new Evidence.OwnTrim("replica1", 3, 3, 4, 4));
    assertThat(violations(rule, sound)).isEmpty();
    Evidence early = soundRun();
    early.ownTrims.add(new Evidence.OwnTrim("replica0", 4, 3, 1, 4));
    assertThat(violations(rule, early)).isNotEmpty();
    Evidence far = soundRun();
    far.ownTrims.add(new Evidence.OwnTrim("replica0", 3, 3, 4, 3));
    assertThat(violations(rule, far)).isNotEmpty();
  }

  @Test
  void aCheckpointThatIsNotTheStateAtItsPositionIsFound() {
    var rule = new CheckpointsAreTheState();
    Map<Bytes, KeyValue> atFive = soundRun().finalViews.getFirst().contents();
    Evidence sound = soundRun();
    sound.checkpoints.add(new Evidence.Checkpoint(5, new ViewStore.Written(5, 55, atFive)));
    assertThat(violations(rule, sound)).isEmpty();
    for (var wrong :
        List.of(
            new Evidence.Checkpoint(4, new ViewStore.Written(5, 55, atFive)),
            new Evidence.Checkpoint(3, new ViewStore.Written(3, 33, atFive)),
            new Evidence.Checkpoint(5, new ViewStore.Written(5, 55, Map.of())))) {
      Evidence evidence = soundRun();
      evidence.checkpoints.add(wrong);
      assertThat(violations(rule, evidence)).isNotEmpty();
    }
  }

  @Test
  void aViewThatIsBuiltFromLessThanTheLogHasIsFound() {
    var rule = new ReplicasCanBeBuilt();
    Map<Bytes, KeyValue> atFive = soundRun().finalViews.getFirst().contents();
    Evidence sound = soundRun();
    sound.built.add(new Evidence.Built(1, 1, Map.of()));
    sound.built.add(new Evidence.Built(3, 5, atFive));
    assertThat(violations(rule, sound)).isEmpty();
    Evidence wrong = soundRun();
    wrong.built.add(new Evidence.Built(3, 5, Map.of()));
    assertThat(violations(rule, wrong)).isNotEmpty();
  }

  @Test
  void oneCheckpointIsMadeAtAMarkThatTookEffect() {
    var rule = new MarksMakeCheckpoints();
    Evidence sound = soundRun();
    var more = new ArrayList<>(sound.log);
    more.add(record(5, 9, Optional.empty(), new Command.Mark(0)));
    more.add(record(6, 10, Optional.empty(), new Command.Mark(0)));
    sound.log = more;
    sound.checkpoints.add(new Evidence.Checkpoint(6, new ViewStore.Written(6, 66, Map.of())));
    assertThat(violations(rule, sound)).isEmpty();
    sound.checkpoints.add(new Evidence.Checkpoint(6, new ViewStore.Written(6, 66, Map.of())));
    assertThat(violations(rule, sound)).isNotEmpty();
    sound.checkpoints.removeLast();
    sound.checkpoints.add(new Evidence.Checkpoint(7, new ViewStore.Written(7, 77, Map.of())));
    assertThat(violations(rule, sound)).isNotEmpty();
  }

  @Test
  void theWholeIsLinearizableWithASoundRange() {
    Evidence evidence = soundRun();
    evidence.operations.add(operation(50, 2_000, 5, scanOfAll(), found(4, 2, 3)));
    assertThat(violations(new TheWholeIsLinearizable(), evidence)).isEmpty();
  }

  @Test
  void everyRuleRejectsARunThatBreaksIt() {
    for (Invariant invariant : Invariant.all()) {
      Evidence evidence = soundRun();
      Objects.requireNonNull(TAMPERINGS.get(invariant.getClass()), invariant.rule())
          .accept(evidence);
      assertThat(violations(invariant, evidence)).as(invariant.rule()).isNotEmpty();
    }
  }

  private static List<String> violations(Invariant invariant, Evidence evidence) {
    var violations = new ArrayList<String>();
    invariant.check(evidence, violations::add);
    return violations;
  }

  private static Map<Class<? extends Invariant>, Consumer<Evidence>> tamperings() {
    var all = new LinkedHashMap<Class<? extends Invariant>, Consumer<Evidence>>();
    all.put(
        EntriesNeverChange.class,
        run -> run.ledger.read(List.of(new LogRecord(2, Bytes.utf8("another")))));
    all.put(AcknowledgedAppendsStay.class, run -> run.log = run.log.subList(0, 3));
    all.put(
        BatchesAreWholeAndOnce.class,
        run -> {
          var twice = new ArrayList<>(run.log);
          twice.add(new LogRecord(5, run.log.getFirst().payload()));
          run.log = twice;
        });
    all.put(
        RequestsTakeEffectOnce.class,
        run -> {
          var twice = new ArrayList<>(run.log);
          twice.add(record(5, 9, Optional.empty(), new Command.Put(KEY, Values.of(1, "put"))));
          run.log = twice;
        });
    all.put(
        AppliedIsMonotone.class,
        run -> run.viewStates.add(new Evidence.ViewState("replica0", 1, 3, 33)));
    all.put(
        ViewsAgree.class, run -> run.viewStates.add(new Evidence.ViewState("replica1", 1, 5, 56)));
    all.put(
        ReadsReachTheTail.class,
        run -> run.operations.add(operation(50, 2_000, 5, getOfKey(), found(2, 1, 2))));
    all.put(NothingAfterTheSeal.class, run -> run.sealedTail = 4);
    all.put(NothingByTheFenced.class, run -> run.fences.add(new Evidence.Fence(2, 4)));
    all.put(TrimsTakeNothingNeeded.class, run -> run.trims.add(new Evidence.Trim(2, 3, 3)));
    all.put(
        DefiniteFailuresHaveNoEffect.class,
        run ->
            run.operations.set(1, operation(1, 20, 2, put(1), new ClientOperation.Failed("no"))));
    all.put(
        WritesAreAnsweredFromTheirPosition.class,
        run -> {
          var refused = new ClientOperation.Wrote(new Result.Decided(3, false, List.of()));
          run.operations.set(2, operation(2, 30, 3, compareAndPut(2), refused));
        });
    all.put(
        ViewsEqualTheReplay.class,
        run -> run.finalViews.add(new Evidence.FinalView("replica1", 5, Map.of())));
    all.put(
        CheckpointsAreTheState.class,
        run -> run.brokenCheckpoints.add("the checkpoint at 5 lacks a piece"));
    all.put(
        MarksMakeCheckpoints.class,
        run ->
            run.checkpoints.add(
                new Evidence.Checkpoint(5, new ViewStore.Written(5, 55, Map.of()))));
    all.put(ReplicasCanBeBuilt.class, run -> run.built.add(new Evidence.Built(3, 1, Map.of())));
    all.putAll(tamperingsOfTheWhole());
    return all;
  }

  private static Map<Class<? extends Invariant>, Consumer<Evidence>> tamperingsOfTheWhole() {
    var all = new LinkedHashMap<Class<? extends Invariant>, Consumer<Evidence>>();
    all.put(
        RangesAreOneState.class,
        run -> {
          var nothing = new ClientOperation.Read(List.of(), 4);
          run.operations.add(operation(51, 2_000, 5, scanOfAll(), nothing));
        });
    all.put(EverythingComesBack.class, run -> run.notLive.add("a client is not answered"));
    all.put(NothingSurprises.class, run -> run.surprises.add("an exception escaped"));
    all.put(
        RealTimeIsKept.class,
        run -> run.operations.add(operation(50, 2_000, 1, getOfKey(), found(1, 1, 2))));
    all.put(
        KeysAreLinearizable.class,
        run -> run.operations.add(operation(50, 2_000, 1, getOfKey(), found(1, 1, 2))));
    all.put(
        TheWholeIsLinearizable.class,
        run -> run.operations.add(operation(50, 2_000, 5, scanOfAll(), found(4, 1, 2))));
    return all;
  }

  /// Opens a session at 1, puts at 2, compares and puts at 3, deletes another key at 4, and reads.
  private static Evidence soundRun() {
    var run = new Evidence();
    var request = Optional.of(new RequestId(1, 1));
    run.log =
        List.of(
            record(1, 1, Optional.empty(), new Command.OpenSession()),
            record(2, 2, Optional.empty(), command(put(1))),
            record(3, 3, Optional.empty(), command(compareAndPut(2))),
            record(4, 4, request, new Command.Delete(OTHER)));
    run.sealedTail = 5;
    run.isComplete = true;
    LogLedger.Attempt attempt =
        run.ledger.attempt(run.log.stream().map(LogRecord::payload).toList());
    run.ledger.acknowledged(attempt, new Appended(1, 5));
    LogLedger.Attempt refused = run.ledger.attempt(List.of(Bytes.utf8("refused")));
    run.ledger.failed(refused, new LogException.Unavailable("away", null));
    run.ledger.read(run.log);
    run.ledger.tailProven(5, 5);
    run.viewStates.add(new Evidence.ViewState("replica0", 1, 1, 11));
    run.viewStates.add(new Evidence.ViewState("replica0", 1, 5, 55));
    run.viewStates.add(new Evidence.ViewState("replica0", 2, 1, 11));
    var opened = new ClientOperation.Wrote(new Result.SessionOpened(1));
    var session = new ClientOperation.Write(new Command.OpenSession(), Optional.empty());
    run.operations.add(operation(0, 10, 1, session, opened));
    run.operations.add(
        operation(1, 20, 2, put(1), new ClientOperation.Wrote(new Result.Written(2))));
    run.operations.add(operation(2, 30, 3, compareAndPut(2), decided(3)));
    var delete = new ClientOperation.Write(new Command.Delete(OTHER), request);
    run.operations.add(
        operation(3, 40, 4, delete, new ClientOperation.Wrote(new Result.Deleted(4, 0))));
    run.operations.add(operation(4, 50, 5, getOfKey(), found(4, 2, 3)));
    run.finalViews.add(
        new Evidence.FinalView(
            "replica0", 5, Map.of(KEY, new KeyValue(KEY, Values.of(2, "cas"), 2, 3, 2))));
    return run;
  }

  private static ClientOperation operation(
      int id, long called, long acknowledgedTail, Asked asked, Ended ended) {
    return new ClientOperation(id, 0, asked, called, called + 5, acknowledgedTail, ended);
  }

  private static LogRecord record(
      long position, long ordinal, Optional<RequestId> request, Command command) {
    return new LogRecord(
        position, ProposalCodec.encode(new Proposal(1, ordinal, request, 1_000, command)));
  }

  private static Asked put(int operation) {
    return new ClientOperation.Write(
        new Command.Put(KEY, Values.of(operation, "put")), Optional.empty());
  }

  private static Asked compareAndPut(int operation) {
    var unchanged =
        new Condition.NumberIs(Condition.Field.MODIFY_REVISION, Condition.Comparison.EQUAL, 2);
    return new ClientOperation.Write(
        new Command.Transaction(
            List.of(new Condition(KEY, unchanged)),
            List.of(new Operation.Put(KEY, Values.of(operation, "cas"))),
            List.of()),
        Optional.empty());
  }

  private static Command command(Asked asked) {
    return ((ClientOperation.Write) asked).command();
  }

  private static Ended decided(long revision) {
    return new ClientOperation.Wrote(
        new Result.Decided(revision, true, List.of(new io.tidemark.statemachine.Answer.Written())));
  }

  private static Asked getOfKey() {
    return new ClientOperation.Get(KEY, ReadConsistency.LINEARIZABLE);
  }

  private static Asked scanOfAll() {
    return new ClientOperation.Scan(KeyRange.ALL, ReadConsistency.LINEARIZABLE);
  }

  private static Ended found(long revision, int operation, long modified) {
    String what = operation == 1 ? "put" : "cas";
    var keyValue =
        new KeyValue(KEY, Values.of(operation, what), 2, modified, operation == 1 ? 1 : 2);
    return new ClientOperation.Read(List.of(keyValue), revision);
  }
}
