package io.tidemark.porcupine;

/// What a client knows about its call.
public enum Outcome {
  /// It happened, between its call and its return.
  OK,
  /// It definitely did not happen, and never will. It takes no part in a check.
  FAIL,
  /// Nobody knows: it may have happened at any time since its call, may yet happen, or never.
  INFO
}
