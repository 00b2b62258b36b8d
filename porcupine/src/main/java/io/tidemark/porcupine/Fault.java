package io.tidemark.porcupine;

/// Something that was done to the system while the history was made.
///
/// @param from when it began, by the clock of the history
/// @param to when it ended, at or after `from`
/// @param kind what it was, in a word
/// @param text whom it hit, and how
public record Fault(long from, long to, String kind, String text) {
  /// Refuses times that cannot be.
  public Fault {
    if (to < from) {
      throw new IllegalArgumentException("a fault from " + from + " to " + to);
    }
  }
}
