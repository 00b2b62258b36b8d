package io.tidemark.simulation;

import java.util.List;
import java.util.function.Consumer;

/// A rule that every run must keep, judged by what the run left behind.
interface Invariant {
  /// Its number in the plan and what it says, for whoever reads a failure.
  String rule();

  /// Tells of every violation, in words that name what to look at.
  void check(Evidence evidence, Consumer<String> violation);

  /// Every rule there is.
  static List<Invariant> all() {
    return List.of(
        new EntriesNeverChange(),
        new AcknowledgedAppendsStay(),
        new BatchesAreWholeAndOnce(),
        new RequestsTakeEffectOnce(),
        new AppliedIsMonotone(),
        new ViewsAgree(),
        new ReadsReachTheTail(),
        new NothingAfterTheSeal(),
        new NothingByTheFenced(),
        new TrimsTakeNothingNeeded(),
        new DefiniteFailuresHaveNoEffect(),
        new WritesAreAnsweredFromTheirPosition(),
        new ViewsEqualTheReplay(),
        new CheckpointsAreTheState(),
        new MarksMakeCheckpoints(),
        new ReplicasCanBeBuilt(),
        new RangesAreOneState(),
        new EverythingComesBack(),
        new NothingSurprises(),
        new RealTimeIsKept(),
        new KeysAreLinearizable(),
        new TheWholeIsLinearizable());
  }
}
