package io.tidemark.modelcheck;

import io.tidemark.modelcheck.PruneModel.Flaw;
import io.tidemark.modelcheck.PruneModel.Setup;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The rules of pruning checkpoints hold, and none of them can be left out.
class PruneModelTest {
  /// A maker builds on what another made, while two prune.
  private static final Setup MAKERS = new Setup(2, 0, 2, Set.of());

  /// One reads what another prunes.
  private static final Setup READERS = new Setup(1, 2, 1, Set.of());

  @Test
  void nobodyLosesAPiece() {
    Explore.holds("prune, two makers:", new PruneModel(MAKERS));
    Explore.holds("prune, two readers:", new PruneModel(READERS));
    Explore.holds("prune, three makers:", new PruneModel(new Setup(3, 0, 1, Set.of())));
  }

  @Test
  void thePieceIsDeletedInTheEnd() {
    // What never breaks because nothing is ever deleted proves nothing.
    Explore.isFound(
        "prune, deleted:",
        new PruneModel(new Setup(0, 1, 1, Set.of(Flaw.LOOKS_THEN_PINS))),
        PruneModel.READ,
        9);
  }

  @Test
  void whoPrunesMarksBeforeHeLooks() {
    isFound(MAKERS, Flaw.LOOKS_THEN_DOOMS, PruneModel.KEPT, 10);
    isFound(READERS, Flaw.LOOKS_THEN_DOOMS, PruneModel.READ, 9);
  }

  @Test
  void whoMakesMarksBeforeHeLooks() {
    isFound(MAKERS, Flaw.LOOKS_THEN_MAKES, PruneModel.KEPT, 10);
  }

  @Test
  void whoReadsMarksBeforeHeLooks() {
    isFound(READERS, Flaw.LOOKS_THEN_PINS, PruneModel.READ, 9);
  }

  @Test
  void whatIsDoomedIsListedBeforeWhatIsMade() {
    isFound(MAKERS, Flaw.MAKING_BEFORE_DOOMED, PruneModel.KEPT, 11);
  }

  @Test
  void basesOfWhatIsMadeAreHeld() {
    isFound(MAKERS, Flaw.NO_BASES, PruneModel.KEPT, 10);
  }

  private static void isFound(Setup setup, Flaw flaw, String rule, int steps) {
    Explore.isFound("prune, " + flaw + ":", new PruneModel(setup.with(flaw)), rule, steps);
  }
}
