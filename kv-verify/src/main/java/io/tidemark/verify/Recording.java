package io.tidemark.verify;

import io.tidemark.porcupine.visual.Fault;
import java.util.List;

/// What a load left behind: what its clients saw, and what was done to the cluster meanwhile.
/// Immutable.
public final class Recording {
  private final Family family;
  private final Evidence<?, ?> evidence;

  Recording(Family family, Evidence<?, ?> evidence) {
    this.family = family;
    this.evidence = evidence;
  }

  /// Which operations the load consisted of.
  public Family family() {
    return family;
  }

  /// How many operations were recorded, with those before and after the load.
  public int size() {
    return evidence.history().size();
  }

  /// What was done to the cluster.
  public List<Fault> faults() {
    return evidence.faults();
  }

  /// The run in numbers.
  public Figures figures() {
    return Figures.of(evidence);
  }

  /// Checks the history, and whether the run was such that the answer means something.
  public Judgement judge(Demands demands) {
    return Judgement.of(evidence, demands);
  }

  Evidence<?, ?> evidence() {
    return evidence;
  }
}
