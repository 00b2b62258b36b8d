package io.tidemark.verify;

/// What a run must pass to prove anything. One that does not is invalid, whatever its history says.
public enum Gate {
  /// A client had one operation open at a time, and none after one of unknown outcome.
  SOUND_RECORD(true),
  /// Every key was read before the load, on every replica, and was missing.
  EMPTY_AT_START(true),
  /// No value was written by two operations.
  UNIQUE_VALUES(true),
  /// Operations of different clients overlapped.
  CONCURRENCY(false),
  /// Enough writes were acknowledged.
  ENOUGH_ACKNOWLEDGED(false),
  /// Enough operations had an unknown outcome.
  ENOUGH_INDEFINITE(false),
  /// Faults that were asked for were injected, and clients felt each kind of them.
  FAULTS_SHOWED(false),
  /// The write after the load was acknowledged.
  BARRIER(false),
  /// After it every key was read on every replica that took part.
  READ_EVERYWHERE(false),
  /// The check came to a decision.
  DECIDED(false);

  private final boolean decidesAlone;

  Gate(boolean decidesAlone) {
    this.decidesAlone = decidesAlone;
  }

  /// Whether a history that does not pass it may look like a violation where there is none.
  boolean isNeededForAViolation() {
    return decidesAlone;
  }

  /// A gate that was not passed.
  ///
  /// @param gate which
  /// @param why what was found, for people
  public record Failure(Gate gate, String why) {}
}
