package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.StepContext;
import io.tidemark.porcupine.UnknownReason;
import org.jspecify.annotations.Nullable;

/// Looks at the limits of one engine's run, and remembers that they were reached: an answer that a
/// model step gave after it was told to stop is worth nothing.
final class Watch implements StepContext {
  /// How many steps to take between two looks of the engine's own.
  private static final int STEPS_PER_LOOK = 1024;

  private final Limits limits;
  private @Nullable UnknownReason reached;
  private long steps;

  Watch(Limits limits) {
    this.limits = limits;
  }

  /// Counts a step that is about to be made, and looks now and then.
  void step() {
    if (steps++ % STEPS_PER_LOOK == 0) {
      look();
    }
  }

  /// The steps counted.
  long steps() {
    return steps;
  }

  /// Why to stop, or null if that was not noticed.
  @Nullable UnknownReason reached() {
    return reached;
  }

  @Override
  public boolean stopped() {
    look();
    return reached != null;
  }

  private void look() {
    if (reached == null) {
      reached = limits.reached();
    }
  }
}
