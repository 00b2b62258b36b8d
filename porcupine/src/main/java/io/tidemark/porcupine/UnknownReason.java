package io.tidemark.porcupine;

/// Why a check could not decide.
public enum UnknownReason {
  /// The time that [Options#timeout] allows was over.
  TIMEOUT,
  /// The search would have had to remember more than [Options#maxConfigurations] configurations.
  CONFIGURATION_LIMIT,
  /// The heap was exhausted; the search was given up and its memory released.
  OUT_OF_MEMORY,
  /// Another part of the history was found illegal first.
  CANCELLED,
  /// The engine that was asked for cannot decide such a history.
  ENGINE_NOT_APPLICABLE,
  /// Fingerprints say illegal, but the exact search did not end within the limits.
  NOT_CONFIRMED
}
