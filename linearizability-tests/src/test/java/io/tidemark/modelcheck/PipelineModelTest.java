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
      new Setup(List.of(List.of(DATA, DATA, DATA), List.of(DATA)), 4, 3, 3, false, null);
  private static final Setup LONG_CHAIN =
      new Setup(List.of(List.of(DATA, DATA, DATA), List.of(DATA)), 5, 2, 3, false, null);
  private static final Setup ALONE =
      new Setup(List.of(List.of(DATA, DATA, DATA)), 4, 2, 3, false, null);
  private static final Setup READER =
      new Setup(List.of(List.of(DATA, DATA), List.of(DATA)), 4, 2, 2, true, null);
  private static final Setup FENCED =
      new Setup(List.of(List.of(DATA, DATA), List.of(FENCE, NEW_DATA)), 4, 2, 2, false, null);
  private static final Setup OWN_FENCE =
      new Setup(List.of(List.of(FENCE, DATA)), 4, 2, 2, false, null);
  private static final Setup SEALED =
      new Setup(List.of(List.of(DATA, DATA), List.of(Op.SEAL, DATA)), 4, 2, 2, false, null);

  @Test
  void severalSlotsInFlightAreOneLog() {
    Explore.holds("pipeline, two writers:", new PipelineModel(TWO_WRITERS));
    Explore.holds("pipeline, a chain longer than its flights:", new PipelineModel(LONG_CHAIN));
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
    Explore.holds("pipeline, a seal:", new PipelineModel(SEALED));
  }

  @Test
  @EnabledIfSystemProperty(named = "model.large", matches = "true")
  void largerWorldsHoldToo() {
    List<Op> two = List.of(DATA, DATA);
    Explore.holds(
        "pipeline, three writers:",
        new PipelineModel(
            new Setup(List.of(two, List.of(DATA), List.of(DATA)), 5, 2, 2, false, null)));
    Explore.holds(
        "pipeline, a fence, deep:",
        new PipelineModel(
            new Setup(
                List.of(List.of(DATA, DATA, DATA), List.of(FENCE, NEW_DATA)),
                6,
                3,
                3,
                false,
                null)));
  }

  @Test
  void withoutVoidBodiesAppendsAreReordered() {
    isFound(TWO_WRITERS, Flaw.NOTHING_IS_VOID, PipelineModel.IN_ORDER, 6);
  }

  @Test
  void whoBeginsInTheMiddleLooksBack() {
    isFound(TWO_WRITERS, Flaw.NO_LOOKING_BACK, PipelineModel.ALIKE, 5);
  }

  @Test
  void lookingBackGoesFromSlotToSlot() {
    isFound(TWO_WRITERS, Flaw.LOOKS_AT_BASE, PipelineModel.ALIKE, 8);
  }

  @Test
  void acknowledgingBehindAnUndecidedSlotIsFound() {
    isFound(TWO_WRITERS, Flaw.ACKNOWLEDGES_AT_ONCE, PipelineModel.KEPT, 4);
  }

  @Test
  void goingOnWithAChainBehindAGapIsFound() {
    isFound(ALONE, Flaw.CHAIN_WITH_GAP, PipelineModel.KEPT, 8);
  }

  @Test
  void beginningAChainBehindAnUndecidedSlotIsFound() {
    isFound(ALONE, Flaw.BEGINS_BEHIND_UNDECIDED, PipelineModel.BELOW_BASE, 5);
  }

  @Test
  void goingOnBehindWhatWasAbandonedIsFound() {
    isFound(TWO_WRITERS, Flaw.WALKS_FROM_BEHIND, PipelineModel.BELOW_BASE, 7);
  }

  @Test
  void movingWhatMayYetLandIsFound() {
    isFound(ALONE, Flaw.MOVES_UNSEEN, PipelineModel.BELOW_BASE, 4);
  }

  @Test
  void knowingAnOwnBodyByItsWriterAloneIsFound() {
    isFound(TWO_WRITERS, Flaw.KNOWS_WRITER_ALONE, PipelineModel.KEPT, 8);
  }

  @Test
  void keepingTheNumberOfABatchIsFound() {
    isFound(TWO_WRITERS, Flaw.NUMBER_OF_BATCH, PipelineModel.KEPT, 10);
  }

  @Test
  void givingARefusedNumberAgainIsFound() {
    isFound(ALONE, Flaw.NUMBER_AGAIN, PipelineModel.IN_ORDER, 6);
  }

  @Test
  void believingARefusalAfterSilenceIsFound() {
    isFound(ALONE, Flaw.REFUSAL_DECIDES, PipelineModel.REFUSED, 3);
  }

  @Test
  void aFenceFliesAlone() {
    isFound(OWN_FENCE, Flaw.FENCE_NOT_ALONE, PipelineModel.FENCED, 4);
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
    isFound(SEALED, Flaw.SEAL_UNREAD, PipelineModel.SEALED, 5);
  }

  @Test
  void aTrimPointBeginsAChain() {
    isFound(TWO_WRITERS, Flaw.TRIMS_INSIDE_CHAIN, PipelineModel.ALIKE, 4);
  }

  @Test
  void theBaseOfAVoidBodyMayBeTrimmed() {
    isFound(TWO_WRITERS, Flaw.GROUND_BELOW_TRIM, PipelineModel.GROUND, 8);
  }

  @Test
  void theBaseOfASlotMayBeMissing() {
    isFound(TWO_WRITERS, Flaw.BASE_EXISTS, PipelineModel.GROUND, 6);
  }

  private static void isFound(Setup setup, Flaw flaw, String rule, int steps) {
    Explore.isFound("pipeline, " + flaw + ":", new PipelineModel(setup.with(flaw)), rule, steps);
  }
}
