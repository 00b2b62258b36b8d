package io.tidemark.modelcheck;

import static io.tidemark.modelcheck.TrimModel.FALSE_SUCCESS;

import io.tidemark.modelcheck.TrimModel.Flaw;
import io.tidemark.modelcheck.TrimModel.Setup;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The rules of trimming hold, and none of them can be left out.
class TrimModelTest {
  private static final int MIN_AGE = 6;
  private static final int WINDOW = MIN_AGE / 2;

  /// The greatest factor between the rates of two clocks that the rules bear.
  private static final int RATE = 2;

  /// Writers that may sleep, and a trimmer.
  private static final Setup WRITERS = setup(List.of(1, 1), 2, 1, false, false);

  /// A reader that may sleep, with tail checks; larger than needed to explore it in every build.
  private static final Setup READER = setup(List.of(2), 2, 1, true, false);

  private static Setup setup(
      List<Integer> batches, int slots, int trimmers, boolean hasReader, boolean restart) {
    return new Setup(batches, slots, trimmers, hasReader, restart, MIN_AGE, WINDOW, RATE, Set.of());
  }

  @Test
  void sleepingWritersNeverAcknowledgeWhatIsLost() {
    Explore.holds("trim, two writers:", new TrimModel(WRITERS));
  }

  @Test
  void sleepingReadersNeverTakeAZombieOrAnOldTail() {
    var coarse = new Setup(List.of(2), 2, 1, true, false, 4, 2, RATE, Set.of());
    Explore.holds("trim, a reader:", new TrimModel(coarse));
  }

  @Test
  void trimmersMayBeSeveralAndRestart() {
    Explore.holds("trim, two trimmers:", new TrimModel(setup(List.of(1), 1, 2, true, true)));
  }

  @Test
  @EnabledIfSystemProperty(named = "model.large", matches = "true")
  void largerWorldsHoldToo() {
    Explore.holds("trim, a reader:", new TrimModel(READER));
    Explore.holds("trim, restarts:", new TrimModel(setup(List.of(1, 1), 2, 1, false, true)));
    Explore.holds("trim, two trimmers:", new TrimModel(setup(List.of(1, 1), 2, 2, false, false)));
    Explore.holds("trim, three slots:", new TrimModel(setup(List.of(2, 1), 3, 1, false, false)));
    Explore.holds("trim, trimmers, reader:", new TrimModel(setup(List.of(2), 2, 2, true, false)));
  }

  @Test
  void clocksMayDifferByTheRatioOfAgeAndWindowAndNoMore() {
    Explore.isFound("rate 3:", new TrimModel(WRITERS.withRate(3)), FALSE_SUCCESS, 9);
    var whole = new Setup(List.of(1, 1), 1, 1, false, false, MIN_AGE, MIN_AGE, 1, Set.of());
    Explore.holds("trim, window of the whole age, equal clocks:", new TrimModel(whole));
    Explore.isFound("the same, rate 2:", new TrimModel(whole.withRate(2)), FALSE_SUCCESS, 10);
  }

  @Test
  void deletingWithoutAMarkerLosesData() {
    isFound(WRITERS, Flaw.NO_MARKER, TrimModel.KEPT, 4);
  }

  @Test
  void trimmingBeyondTheTailIsFound() {
    isFound(WRITERS, Flaw.BEYOND_TAIL, TrimModel.BELOW_TAIL, 1);
  }

  @Test
  void deletingWithoutWaitingIsAFalseSuccess() {
    isFound(WRITERS, Flaw.NO_WAIT, FALSE_SUCCESS, 7);
  }

  @Test
  void aWriterThatNeverDoubtsItsProofIsAFalseSuccess() {
    isFound(WRITERS, Flaw.ANY_AGE, FALSE_SUCCESS, 10);
  }

  @Test
  void aWriterThatDoubtsAndGoesOnIsAFalseSuccess() {
    isFound(WRITERS, Flaw.NO_CONSEQUENCE, FALSE_SUCCESS, 12);
  }

  @Test
  void aSlotThatIsNotFoundProvesNothing() {
    isFound(WRITERS, Flaw.ABSENCE_PROVES, FALSE_SUCCESS, 11);
  }

  @Test
  void aProofIsAsOldAsItsQuestion() {
    isFound(READER, Flaw.AGE_FROM_ANSWER, TrimModel.TAIL, 17);
  }

  @Test
  void theBodyThatAWriterMeetsIsDoubtedToo() {
    isFound(WRITERS, Flaw.BODY_UNGUARDED, TrimModel.NO_HOLE, 10);
  }

  @Test
  void aReaderDoubtsWhatItFindsAndWhatItDoesNot() {
    isFound(READER, Flaw.READER_UNGUARDED, TrimModel.TAIL, 11);
  }

  @Test
  void appendingAgainWhatWasTrimmedIsTwice() {
    isFound(WRITERS, Flaw.APPENDS_AGAIN, TrimModel.ONCE, 11);
  }

  @Test
  void aWriterNeverDeletes() {
    isFound(READER, Flaw.WRITER_DELETES, TrimModel.TAIL, 18);
  }

  @Test
  void markersAreKept() {
    isFound(WRITERS, Flaw.OLD_MARKERS_DELETED, TrimModel.NO_HOLE, 19);
  }

  private static void isFound(Setup setup, Flaw flaw, String rule, int steps) {
    Explore.isFound("trim, " + flaw + ":", new TrimModel(setup.with(flaw)), rule, steps);
  }
}
