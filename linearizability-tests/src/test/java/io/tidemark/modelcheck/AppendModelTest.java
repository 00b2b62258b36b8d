package io.tidemark.modelcheck;

import io.tidemark.modelcheck.AppendModel.Batch;
import io.tidemark.modelcheck.AppendModel.Flaw;
import io.tidemark.modelcheck.AppendModel.Setup;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Appending with one slot in flight per writer: the rules hold, and each is needed.
class AppendModelTest {
  private static final Setup TWO_WRITERS =
      new Setup(
          List.of(
              List.of(Batch.of(1), Batch.of(2)), List.of(Batch.onlyAtTail(3), Batch.retryOf(1, 4))),
          5,
          false,
          null);
  private static final Setup THREE_WRITERS =
      new Setup(
          List.of(
              List.of(Batch.of(1)),
              List.of(Batch.onlyAtTail(2), Batch.retryOf(1, 3)),
              List.of(Batch.of(4))),
          5,
          false,
          null);
  private static final Setup READER =
      new Setup(List.of(List.of(Batch.of(1), Batch.of(2)), List.of(Batch.of(3))), 4, true, null);

  @Test
  void writersRaceForSlotsAndNothingIsLostOrTwice() {
    Explore.holds("append, two writers:", new AppendModel(TWO_WRITERS));
    Explore.holds("append, three writers:", new AppendModel(THREE_WRITERS));
  }

  @Test
  void aTailCheckIsBeyondAllAcknowledgedBefore() {
    Explore.holds("append, a reader:", new AppendModel(READER));
  }

  @Test
  @EnabledIfSystemProperty(named = "model.large", matches = "true")
  void largerWorldsHoldToo() {
    var batches =
        List.of(
            List.of(Batch.of(1), Batch.of(2)),
            List.of(Batch.onlyAtTail(3), Batch.retryOf(1, 4)),
            List.of(Batch.of(5), Batch.retryOf(2, 6)));
    Explore.holds("append, larger:", new AppendModel(new Setup(batches, 6, false, null)));
  }

  @Test
  void takingExistsForLostFailsWhatIsInTheLog() {
    isFound(TWO_WRITERS, Flaw.EXISTS_IS_LOST, AppendModel.FAILED, 3);
  }

  @Test
  void takingExistsForOwnAcknowledgesWhatIsNot() {
    isFound(TWO_WRITERS, Flaw.EXISTS_IS_OWN, AppendModel.KEPT, 4);
  }

  @Test
  void takingAConflictForExistsLeavesAGap() {
    isFound(TWO_WRITERS, Flaw.CONFLICT_IS_EXISTS, AppendModel.NO_GAP, 5);
  }

  @Test
  void movingBeforeTheSlotWasSeenLeavesAGap() {
    isFound(TWO_WRITERS, Flaw.MOVES_UNSEEN, AppendModel.NO_GAP, 4);
  }

  @Test
  void noAnswerIsNoFailure() {
    isFound(TWO_WRITERS, Flaw.UNKNOWN_IS_FAILED, AppendModel.FAILED, 3);
  }

  @Test
  void aRestartedWriterIsAnotherWriter() {
    isFound(TWO_WRITERS, Flaw.SAME_ID, AppendModel.KEPT, 6);
  }

  @Test
  void nobodyJoinsATailCheckThatIsUnderWay() {
    isFound(READER, Flaw.TAIL_CHECK_JOINED, AppendModel.TAIL, 6);
  }

  @Test
  void requestsAreRememberedByTheStateMachine() {
    isFound(TWO_WRITERS, Flaw.NOTHING_REMEMBERED, AppendModel.EFFECT, 8);
  }

  private static void isFound(Setup setup, Flaw flaw, String rule, int steps) {
    Explore.isFound("append, " + flaw + ":", new AppendModel(setup.with(flaw)), rule, steps);
  }
}
