package io.tidemark.modelcheck;

import io.tidemark.modelcheck.PipelineModel.Flaw;
import io.tidemark.modelcheck.PipelineModel.Kind;
import io.tidemark.modelcheck.PipelineModel.Op;
import io.tidemark.modelcheck.PipelineModel.Setup;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Several slots in flight, void bodies, fences and seals: the rules hold, and each is needed.
class PipelineModelTest {
  private static final Op DATA = Op.DATA;
  private static final Op NEW_DATA = new Op(Kind.DATA, 1);
  private static final Op FENCE = new Op(Kind.FENCE, 1);

  private static final Setup TWO_WRITERS =
      new Setup(List.of(List.of(DATA, DATA, DATA), List.of(DATA, DATA)), 6, 3, false, null);
  private static final Setup READER =
      new Setup(List.of(List.of(DATA, DATA), List.of(DATA)), 4, 2, true, null);
  private static final Setup THREE_WRITERS =
      new Setup(List.of(List.of(DATA, DATA), List.of(DATA), List.of(DATA)), 5, 2, false, null);
  private static final Setup FENCED =
      new Setup(List.of(List.of(DATA, DATA, DATA), List.of(FENCE, NEW_DATA)), 6, 3, false, null);
  private static final Setup SEALED =
      new Setup(
          List.of(List.of(DATA, DATA), List.of(Op.SEAL, DATA), List.of(Op.SEAL)),
          5,
          2,
          false,
          null);

  @Test
  void severalSlotsInFlightAreOneLog() {
    Explore.holds("pipeline, two writers:", new PipelineModel(TWO_WRITERS));
    Explore.holds("pipeline, three writers:", new PipelineModel(THREE_WRITERS));
  }

  @Test
  void aTailCheckStopsAtTheFirstSlotThatIsNotFound() {
    Explore.holds("pipeline, a reader:", new PipelineModel(READER));
  }

  @Test
  void aFenceHoldsFromItsSlotOn() {
    Explore.holds("pipeline, a fence:", new PipelineModel(FENCED));
  }

  @Test
  void nothingFollowsASeal() {
    Explore.holds("pipeline, seals:", new PipelineModel(SEALED));
  }

  @Test
  @EnabledIfSystemProperty(named = "model.large", matches = "true")
  void largerWorldsHoldToo() {
    List<Op> three = List.of(DATA, DATA, DATA);
    Explore.holds(
        "pipeline, two writers of three:",
        new PipelineModel(new Setup(List.of(three, three), 8, 3, false, null)));
    Explore.holds(
        "pipeline, a fence among three:",
        new PipelineModel(
            new Setup(List.of(three, List.of(FENCE, NEW_DATA), List.of(DATA)), 7, 2, false, null)));
    Explore.holds(
        "pipeline, a reader, deep:",
        new PipelineModel(new Setup(List.of(three, List.of(DATA, DATA)), 6, 3, true, null)));
  }

  @Test
  void withoutVoidBodiesAppendsAreReordered() {
    isFound(TWO_WRITERS, Flaw.NOTHING_IS_VOID, PipelineModel.IN_ORDER, 9);
  }

  @Test
  void theLastValidNumberIsNotKnownToWhoBeginsInTheMiddle() {
    isFound(TWO_WRITERS, Flaw.LAST_VALID_NUMBER, PipelineModel.ALIKE, 5);
  }

  @Test
  void whoBeginsInTheMiddleLooksBack() {
    isFound(TWO_WRITERS, Flaw.NO_LOOKING_BACK, PipelineModel.ALIKE, 5);
  }

  @Test
  void acknowledgingOutOfTheOrderOfSlotsIsFound() {
    isFound(TWO_WRITERS, Flaw.ACKNOWLEDGES_AT_ONCE, PipelineModel.KEPT, 4);
  }

  @Test
  void sendingAgainBehindUnknownSlotsIsFound() {
    isFound(TWO_WRITERS, Flaw.DOES_NOT_DRAIN, PipelineModel.KEPT, 8);
  }

  @Test
  void movingWhatMayYetLandIsTwice() {
    isFound(TWO_WRITERS, Flaw.MOVES_UNSEEN, PipelineModel.ONCE, 5);
  }

  @Test
  void skippingAHoleMissesAnAcknowledgedAppend() {
    isFound(READER, Flaw.SKIPS_HOLES, PipelineModel.SEEN, 6);
  }

  @Test
  void aFenceIsLookedAtBeforeEachAppend() {
    isFound(FENCED, Flaw.FENCE_CHECKED_AT_OPEN, PipelineModel.FENCED, 5);
  }

  @Test
  void slotsAreReadBeforeTheNextIsSent() {
    isFound(SEALED, Flaw.SEAL_UNREAD, PipelineModel.SEALED, 4);
  }

  private static void isFound(Setup setup, Flaw flaw, String rule, int steps) {
    Explore.isFound("pipeline, " + flaw + ":", new PipelineModel(setup.with(flaw)), rule, steps);
  }
}
