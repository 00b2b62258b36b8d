package io.tidemark.statemachine;

import static io.tidemark.statemachine.Views.proposal;
import static io.tidemark.statemachine.Views.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.base.InvariantViolation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateMachineTest {
  private static final Bytes K = Bytes.utf8("k");
  private static final Bytes OTHER = Bytes.utf8("other");

  @TempDir Path directory;
  private RocksView view;
  private StateMachine machine;

  @BeforeEach
  void open() {
    view = Views.open(directory);
    machine = new StateMachine(view);
  }

  @AfterEach
  void close() {
    view.close();
  }

  private Result apply(long position, Command command) {
    return machine.apply(position, proposal(command), Views.RECORD_BYTES);
  }

  private static Command ifThen(Condition.Test test, Operation... then) {
    return new Command.Transaction(List.of(new Condition(K, test)), List.of(then), List.of());
  }

  @Test
  void aFreshViewHasFoldedInNothing() {
    assertThat(view.applied()).isEqualTo(1);
    assertThat(machine.applied()).isEqualTo(1);
    assertThat(machine.logTimeMillis()).isZero();
    assertThat(Views.pairs(view)).isEmpty();
  }

  @Test
  void whatIsAppliedIsVisibleToReadersAfterTheCommitAndNotBefore() {
    assertThat(apply(3, put("k", "v"))).isEqualTo(new Result.Written(3));
    assertThat(view.get(K)).isEmpty();
    assertThat(view.applied()).isEqualTo(1);
    assertThat(machine.applied()).isEqualTo(4);
    assertThat(machine.pendingBytes()).isPositive();
    machine.commit(9);
    assertThat(view.get(K)).contains(new KeyValue(K, Bytes.utf8("v"), 3, 3, 1));
    assertThat(view.applied()).isEqualTo(9);
    assertThat(machine.applied()).isEqualTo(9);
    assertThat(machine.pendingBytes()).isZero();
  }

  @Test
  void aKeyCountsItsWritesAndKeepsTheRevisionThatCreatedIt() {
    apply(1, put("k", "a"));
    machine.commit(2);
    apply(2, put("k", "b"));
    apply(3, put("k", "c"));
    machine.commit(4);
    assertThat(view.get(K)).contains(new KeyValue(K, Bytes.utf8("c"), 1, 3, 3));
  }

  @Test
  void aKeyThatIsDeletedAndWrittenAgainIsANewKey() {
    apply(1, put("k", "a"));
    apply(2, put("k", "a"));
    machine.commit(3);
    assertThat(apply(3, new Command.Delete(K))).isEqualTo(new Result.Deleted(3, 1));
    apply(4, put("k", "a"));
    assertThat(apply(5, ifThen(createdAt(1), new Operation.Get(K))))
        .isEqualTo(new Result.Decided(5, false, List.of()));
    machine.commit(6);
    assertThat(view.get(K)).contains(new KeyValue(K, Bytes.utf8("a"), 4, 4, 1));
  }

  private static Condition.Test createdAt(long revision) {
    return new Condition.NumberIs(
        Condition.Field.CREATE_REVISION, Condition.Comparison.EQUAL, revision);
  }

  @Test
  void aConditionSeesWhatEarlierRecordsOfTheSameCommitDid() {
    Command createOnce = ifThen(new Condition.Missing(), new Operation.Put(K, Bytes.utf8("1")));
    assertThat(apply(1, createOnce))
        .isEqualTo(new Result.Decided(1, true, List.of(new Answer.Written())));
    assertThat(apply(2, createOnce)).isEqualTo(new Result.Decided(2, false, List.of()));
    machine.commit(3);
    assertThat(view.get(K)).contains(new KeyValue(K, Bytes.utf8("1"), 1, 1, 1));
  }

  @Test
  void anOperationOfATransactionSeesThoseBeforeIt() {
    apply(1, put("k", "old"));
    machine.commit(2);
    Bytes v = Bytes.utf8("new");
    Result result =
        apply(
            2,
            ifThen(
                new Condition.Exists(),
                new Operation.Put(OTHER, v),
                new Operation.Get(OTHER),
                new Operation.DeleteRange(KeyRange.ALL),
                new Operation.Get(K),
                new Operation.Put(K, v),
                new Operation.Put(K, v),
                new Operation.Delete(K),
                new Operation.Delete(K),
                new Operation.Put(K, v),
                new Operation.Get(K)));
    assertThat(result)
        .isEqualTo(
            new Result.Decided(
                2,
                true,
                List.of(
                    new Answer.Written(),
                    new Answer.Found(Optional.of(new KeyValue(OTHER, v, 2, 2, 1))),
                    new Answer.Deleted(2),
                    new Answer.Found(Optional.empty()),
                    new Answer.Written(),
                    new Answer.Written(),
                    new Answer.Deleted(1),
                    new Answer.Deleted(0),
                    new Answer.Written(),
                    new Answer.Found(Optional.of(new KeyValue(K, v, 2, 2, 1))))));
    machine.commit(3);
    assertThat(Views.pairs(view)).containsExactly(new KeyValue(K, v, 2, 2, 1));
  }

  @Test
  void aMissingKeyHasNoValueAndZeroForItsNumbers() {
    for (var comparison : Condition.Comparison.values()) {
      assertThat(apply(machine.applied(), ifThen(new Condition.ValueIs(comparison, Bytes.EMPTY))))
          .matches(result -> result instanceof Result.Decided decided && !decided.succeeded());
    }
    for (var field : Condition.Field.values()) {
      var isZero = new Condition.NumberIs(field, Condition.Comparison.EQUAL, 0);
      assertThat(apply(machine.applied(), ifThen(isZero)))
          .matches(result -> result instanceof Result.Decided decided && decided.succeeded());
    }
  }

  @Test
  void aRangeOfManyKeysIsRemovedAsAWholeAndCountedExactly() {
    int many = 3 * PendingBatch.REMOVED_SINGLY_MAX;
    long position = 1;
    for (int i = 0; i < many; i++) {
      apply(position++, put("a%05d".formatted(i), "v"));
      if (i == many / 2) {
        machine.commit(position);
      }
    }
    apply(position++, put("b", "stays"));
    Command deleteAll = new Command.DeleteRange(KeyRange.prefix(Bytes.utf8("a")));
    assertThat(apply(position++, deleteAll)).isEqualTo(new Result.Deleted(position - 1, many));
    assertThat(apply(position++, deleteAll)).isEqualTo(new Result.Deleted(position - 1, 0));
    apply(position++, put("a00007", "again"));
    assertThat(apply(position++, new Command.DeleteRange(KeyRange.ALL)))
        .isEqualTo(new Result.Deleted(position - 1, 2));
    long created = position;
    apply(position++, put("a00008", "last"));
    machine.commit(position);
    assertThat(Views.pairs(view))
        .containsExactly(
            new KeyValue(Bytes.utf8("a00008"), Bytes.utf8("last"), created, created, 1));
  }

  @Test
  void aTransactionThatWouldReadMoreThanAnAnswerHoldsIsNotDone() {
    Bytes large = Bytes.wrap(new byte[11 << 20]);
    apply(1, new Command.Put(K, large));
    machine.commit(2);
    Result result =
        apply(
            2,
            ifThen(
                new Condition.Exists(),
                new Operation.Put(OTHER, large),
                new Operation.Get(K),
                new Operation.Get(OTHER)));
    assertThat(result).isEqualTo(new Result.AnswerTooLarge(2L * (11 << 20) + 1 + 5));
    machine.commit(3);
    assertThat(view.get(OTHER)).isEmpty();
    assertThat(apply(3, ifThen(new Condition.Exists(), new Operation.Get(K))))
        .isEqualTo(
            new Result.Decided(
                3, true, List.of(new Answer.Found(Optional.of(new KeyValue(K, large, 1, 1, 1))))));
  }

  @Test
  void logTimeIsTheGreatestOfTheRecordsAndOutlivesTheProcess() {
    apply(1, put("k", "v"));
    assertThat(machine.logTimeMillis()).isZero();
    machine.apply(2, new Proposal(1, 1, Optional.empty(), 70, put("k", "v")), Views.RECORD_BYTES);
    machine.apply(3, new Proposal(1, 1, Optional.empty(), 50, put("k", "v")), Views.RECORD_BYTES);
    machine.apply(
        4,
        new Proposal(1, 1, Optional.of(new RequestId(9, 9)), 80, put("k", "v")),
        Views.RECORD_BYTES);
    assertThat(machine.logTimeMillis()).isEqualTo(80);
    machine.commit(5);
    view.close();
    open();
    assertThat(machine.logTimeMillis()).isEqualTo(80);
  }

  @Test
  void ofMarksAtTheSameTimeTheFirstInTheLogTakesEffect() {
    assertThat(machine.lastMark()).isEmpty();
    assertThat(apply(3, new Command.Mark(2))).isEqualTo(new Result.Marked(3, false));
    assertThat(apply(4, new Command.Mark(0))).isEqualTo(new Result.Marked(4, true));
    assertThat(apply(5, new Command.Mark(0))).isEqualTo(new Result.Marked(5, false));
    assertThat(machine.lastMark()).contains(new Mark(4, 0, 2 * Views.RECORD_BYTES));
    assertThat(machine.lastMark().orElseThrow().position()).isEqualTo(5);
    machine.commit(6);
    view.close();
    open();
    assertThat(machine.lastMark()).contains(new Mark(4, 0, 2 * Views.RECORD_BYTES));
    machine.apply(
        7, new Proposal(1, 1, Optional.empty(), 70, new Command.Mark(4)), Views.RECORD_BYTES);
    assertThat(machine.lastMark()).contains(new Mark(7, 70, 4 * Views.RECORD_BYTES));
  }

  @Test
  void theBytesOfTheLogAreCountedWhateverBecameOfTheRecords() {
    apply(1, put("k", "v"));
    machine.apply(2, Views.request(9, 9, put("k", "v")), Views.RECORD_BYTES);
    assertThat(machine.logBytes()).isEqualTo(2 * Views.RECORD_BYTES);
    machine.commit(3);
    view.close();
    open();
    assertThat(machine.logBytes()).isEqualTo(2 * Views.RECORD_BYTES);
  }

  @Test
  void aRecordIsAppliedOnceAndInOrder() {
    apply(5, put("k", "v"));
    assertThatThrownBy(() -> apply(5, put("k", "v")))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("in order, once: 5, 6");
    assertThatThrownBy(() -> machine.commit(5)).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void afterAFailureNothingIsAppliedOrCommitted() {
    apply(1, put("k", "v"));
    view.close();
    assertThatThrownBy(() -> apply(2, put("l", "w"))).isInstanceOf(ViewException.Closed.class);
    assertThatThrownBy(() -> apply(2, put("l", "w")))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("after a failure");
    assertThatThrownBy(() -> machine.commit(3)).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void aViewBelongsToOneLog() {
    var log = new UUID(1, 2);
    assertThat(view.logId()).isEmpty();
    machine.bindTo(log);
    machine.bindTo(log);
    assertThat(view.logId()).contains(log);
    assertThatThrownBy(() -> machine.bindTo(new UUID(1, 3))).isInstanceOf(InvariantViolation.class);
    view.close();
    open();
    assertThat(view.logId()).contains(log);
    assertThatThrownBy(() -> machine.bindTo(new UUID(1, 3))).isInstanceOf(InvariantViolation.class);
  }
}
