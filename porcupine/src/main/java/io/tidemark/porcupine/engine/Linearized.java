package io.tidemark.porcupine.engine;

import java.util.Arrays;

/// A set of linearized operations, changed one at a time, with a 128-bit fingerprint that changes
/// along with it.
///
/// Operations that return are linearized roughly in order, so their bits are a full prefix, a small
/// window, and nothing. Operations that never return may stay out for ever; they have bits of their
/// own, or they would hold the window open.
///
/// ```text
///   definite   1111 1111 | 1011 0010 | 0000 0000        indefinite   0100 1000
///              full      | window    | empty
///                        base        top
/// ```
final class Linearized {
  private final int[] slotOf;
  private final long[] definite;
  private final long[] indefinite;
  private int base;
  private int top;
  private long low;
  private long high;

  /// The empty set of the operations of a problem.
  Linearized(Problem<?, ?, ?> problem) {
    int n = problem.size();
    slotOf = new int[n];
    int definiteCount = 0;
    int indefiniteCount = 0;
    for (int i = 0; i < n; i++) {
      slotOf[i] = problem.isDefinite(i) ? definiteCount++ : ~indefiniteCount++;
    }
    definite = new long[(definiteCount >>> 6) + 1];
    indefinite = new long[(indefiniteCount + 63) >>> 6];
  }

  void add(int operation) {
    int slot = slotOf[operation];
    if (slot >= 0) {
      int word = slot >>> 6;
      definite[word] |= 1L << slot;
      top = Math.max(top, word + 1);
      while (base < top && definite[base] == -1L) {
        base++;
      }
    } else {
      indefinite[~slot >>> 6] |= 1L << ~slot;
    }
    toggle(operation);
  }

  void remove(int operation) {
    int slot = slotOf[operation];
    if (slot >= 0) {
      int word = slot >>> 6;
      definite[word] &= ~(1L << slot);
      base = Math.min(base, word);
      while (top > base && definite[top - 1] == 0) {
        top--;
      }
    } else {
      indefinite[~slot >>> 6] &= ~(1L << ~slot);
    }
    toggle(operation);
  }

  private void toggle(int operation) {
    low ^= mix(2L * operation + 1);
    high ^= mix(~(2L * operation));
  }

  /// The first half of the fingerprint of this set together with a state.
  long low(int state) {
    return low ^ mix(0x5DEECE66DL + ((long) state << 32));
  }

  /// The second half of the fingerprint of this set together with a state.
  long high(int state) {
    return high ^ mix(0x2545F491L - ((long) state << 32));
  }

  /// This set together with a state, so that equal arrays mean equal sets and equal states.
  long[] encode(int state) {
    long[] code = new long[1 + indefinite.length + top - base];
    code[0] = (long) base << 32 | state;
    System.arraycopy(indefinite, 0, code, 1, indefinite.length);
    System.arraycopy(definite, base, code, 1 + indefinite.length, top - base);
    return code;
  }

  /// Whether [#encode] of now would equal this code, without making it.
  boolean matches(long[] code, int state) {
    int window = 1 + indefinite.length;
    return code[0] == ((long) base << 32 | state)
        && code.length == window + top - base
        && Arrays.equals(code, 1, window, indefinite, 0, indefinite.length)
        && Arrays.equals(code, window, code.length, definite, base, top);
  }

  /// A bijection of 64 bits that leaves no visible pattern (the finalizer of SplitMix64).
  private static long mix(long value) {
    long z = value * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
