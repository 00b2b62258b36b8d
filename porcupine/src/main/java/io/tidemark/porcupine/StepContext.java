package io.tidemark.porcupine;

/// Lets a slow model step notice that its answer is no longer wanted. Any thread may ask.
@FunctionalInterface
public interface StepContext {
  /// The context of a step that nobody stops.
  StepContext UNLIMITED = () -> false;

  /// Whether the check has run out of time, memory or interest.
  boolean stopped();
}
