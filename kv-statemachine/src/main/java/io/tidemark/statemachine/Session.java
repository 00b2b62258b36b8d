package io.tidemark.statemachine;

import java.util.Arrays;

/// What is known of one session: which of its requests are remembered.
///
/// Requests are remembered in a ring of slots, a sequence in the slot `sequence mod window`. A slot
/// holds the answer to a sequence of the window, which ends with the greatest sequence, or nothing.
/// All of this can be read back from the rows of the session and its slots.
///
/// ```text
///        forgotten      |             the window              |  new
///   ... ---------------|--------------------------------------|-------->  sequence
///                     floor            some answered       greatest
/// ```
final class Session {
  private final long number;
  private final SessionLimits limits;
  private long lastUsed;
  private long greatest;
  // Sequences below it were evicted because the answers had become too large.
  private long notEvicted;
  private long bytes;
  // By slot, the bytes of its row, or zero for an empty slot. Grows up to the window.
  private int[] rowBytes = new int[8];

  Session(long number, SessionLimits limits, long notEvicted, long lastUsed) {
    this.number = number;
    this.limits = limits;
    this.notEvicted = notEvicted;
    this.lastUsed = lastUsed;
  }

  long number() {
    return number;
  }

  /// The revision of the newest request that was not a repetition, or that opened the session.
  long lastUsed() {
    return lastUsed;
  }

  void use(long revision) {
    lastUsed = Math.max(lastUsed, revision);
  }

  long greatest() {
    return greatest;
  }

  long notEvicted() {
    return notEvicted;
  }

  /// Of sequences below it nothing is known.
  long floor() {
    return Math.max(notEvicted, greatest - limits.window() + 1);
  }

  int slot(long sequence) {
    return (int) (sequence % limits.window());
  }

  /// Whether the answer to the sequence, which is not below the floor, is remembered.
  boolean remembers(long sequence) {
    return sequence <= greatest && isOccupied(slot(sequence));
  }

  boolean isOccupied(int slot) {
    return slot < rowBytes.length && rowBytes[slot] != 0;
  }

  /// The slots have indexes below it.
  int slotsEnd() {
    return rowBytes.length;
  }

  boolean isTooLarge() {
    return bytes > limits.answerBytesMax() && floor() < greatest;
  }

  /// Fills the slot of the sequence.
  void remember(long sequence, int size) {
    int slot = slot(sequence);
    if (slot >= rowBytes.length) {
      int length = Math.min(limits.window(), Math.max(slot + 1, 2 * rowBytes.length));
      rowBytes = Arrays.copyOf(rowBytes, length);
    }
    bytes += size - rowBytes[slot];
    rowBytes[slot] = size;
    greatest = Math.max(greatest, sequence);
  }

  /// Empties a slot; false if it was empty.
  boolean empty(int slot) {
    if (!isOccupied(slot)) {
      return false;
    }
    bytes -= rowBytes[slot];
    rowBytes[slot] = 0;
    return true;
  }

  /// Moves the floor up by one sequence; returns the slot of the sequence that was the floor.
  int raiseFloor() {
    long evicted = floor();
    notEvicted = evicted + 1;
    return slot(evicted);
  }
}
