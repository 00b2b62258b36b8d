package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.StepContext;
import io.tidemark.porcupine.UnknownReason;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// How far one search may go. Any thread may ask.
///
/// @param deadlineNanos the `System.nanoTime` at which to stop; ignored unless `timed`
/// @param timed whether there is a deadline
/// @param maxConfigurations the most configurations that the search may remember
/// @param cancelled whether the answer is no longer wanted
public record Limits(
    long deadlineNanos, boolean timed, long maxConfigurations, BooleanSupplier cancelled)
    implements StepContext {
  /// No deadline, this many configurations.
  public static Limits configurations(long max) {
    return new Limits(0, false, max, () -> false);
  }

  /// The same with another limit on configurations.
  public Limits withConfigurations(long max) {
    return new Limits(deadlineNanos, timed, max, cancelled);
  }

  /// Why the search must stop now, or null if it may go on.
  public @Nullable UnknownReason reached() {
    if (cancelled.getAsBoolean()) {
      return UnknownReason.CANCELLED;
    }
    return timed && System.nanoTime() - deadlineNanos >= 0 ? UnknownReason.TIMEOUT : null;
  }

  @Override
  public boolean stopped() {
    return reached() != null;
  }
}
