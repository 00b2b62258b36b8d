package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.UnknownReason;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// How far one search may go. Any thread may ask.
///
/// @param deadlineNanos the `System.nanoTime` at which to stop; ignored if `timeoutNanos` is 0
/// @param timeoutNanos how long the whole may take, 0 for ever
/// @param maxConfigurations the most configurations that the search may remember
/// @param cancelled whether the answer is no longer wanted
public record Limits(
    long deadlineNanos, long timeoutNanos, long maxConfigurations, BooleanSupplier cancelled) {
  /// No deadline, this many configurations.
  public static Limits configurations(long max) {
    return new Limits(0, 0, max, () -> false);
  }

  /// The same limits for further work that begins now.
  public Limits again() {
    return new Limits(System.nanoTime() + timeoutNanos, timeoutNanos, maxConfigurations, cancelled);
  }

  /// Why the search must stop now, or null if it may go on.
  public @Nullable UnknownReason reached() {
    if (cancelled.getAsBoolean()) {
      return UnknownReason.CANCELLED;
    }
    return timeoutNanos > 0 && System.nanoTime() - deadlineNanos >= 0
        ? UnknownReason.TIMEOUT
        : null;
  }
}
