package io.tidemark.porcupine.engine;

import org.jspecify.annotations.Nullable;

/// Lowe's cache: the configurations, each a set of linearized operations and the state they lead
/// to, that the search has been in. To meet one again means to have come another way to a place
/// already found hopeless.
abstract sealed class ConfigurationCache {
  /// Remembers the configuration; whether it was new.
  abstract boolean add(Linearized set, int state);

  /// How many configurations it remembers.
  abstract long size();

  /// The memory it holds, in bytes.
  abstract long bytes();

  /// Remembers configurations as they are.
  ///
  /// Open addressing over arrays that hold a configuration each, with a piece of its fingerprint
  /// beside it.
  static final class Exact extends ConfigurationCache {
    private static final int ARRAY_HEADER_BYTES = 16;

    private long[] @Nullable [] codes = new long[64][];
    private int[] tags = new int[64];
    private int size;
    private long codeBytes;

    @Override
    boolean add(Linearized set, int state) {
      if (size >= codes.length / 2) {
        grow();
      }
      int tag = (int) set.low(state);
      int at = slot(tag, codes.length);
      for (long @Nullable [] code = codes[at]; code != null; code = codes[at]) {
        if (tags[at] == tag && set.matches(code, state)) {
          return false;
        }
        at = (at + 1) & (codes.length - 1);
      }
      long[] code = set.encode(state);
      codes[at] = code;
      tags[at] = tag;
      codeBytes += ARRAY_HEADER_BYTES + 8L * code.length;
      size++;
      return true;
    }

    private void grow() {
      long[] @Nullable [] oldCodes = codes;
      int[] oldTags = tags;
      codes = new long[2 * oldCodes.length][];
      tags = new int[codes.length];
      for (int i = 0; i < oldCodes.length; i++) {
        if (oldCodes[i] != null) {
          int at = slot(oldTags[i], codes.length);
          while (codes[at] != null) {
            at = (at + 1) & (codes.length - 1);
          }
          codes[at] = oldCodes[i];
          tags[at] = oldTags[i];
        }
      }
    }

    private static int slot(int tag, int length) {
      return (tag * 0x9E3779B9) >>> (Integer.numberOfLeadingZeros(length) + 1);
    }

    @Override
    long size() {
      return size;
    }

    @Override
    long bytes() {
      return 8L * codes.length + codeBytes;
    }
  }

  /// Remembers 128-bit fingerprints, 16 bytes each, in one array that is between 40 % and 80 % full
  /// once it has grown: at most 40 bytes a configuration.
  ///
  /// Two configurations with one fingerprint would make the search overlook the second, which can
  /// turn legal into illegal and never the reverse: an illegal verdict is confirmed exactly.
  static final class Fingerprints extends ConfigurationCache {
    private static final int FIRST_CAPACITY = 64;

    private long[] table = new long[2 * FIRST_CAPACITY];
    private int capacity = FIRST_CAPACITY;
    private int size;

    @Override
    boolean add(Linearized set, int state) {
      if (size >= capacity - capacity / 5) {
        grow();
      }
      long high = set.high(state);
      // All zeros is an empty slot.
      long low = set.low(state) | (high == 0 ? 1 : 0);
      if (!insert(low, high)) {
        return false;
      }
      size++;
      return true;
    }

    private boolean insert(long low, long high) {
      int mask = capacity - 1;
      for (int at = (int) low & mask; ; at = (at + 1) & mask) {
        long foundLow = table[2 * at];
        long foundHigh = table[2 * at + 1];
        if (foundLow == low && foundHigh == high) {
          return false;
        }
        if (foundLow == 0 && foundHigh == 0) {
          table[2 * at] = low;
          table[2 * at + 1] = high;
          return true;
        }
      }
    }

    private void grow() {
      long[] old = table;
      capacity = Math.multiplyExact(2, capacity);
      table = new long[Math.multiplyExact(2, capacity)];
      for (int i = 0; i < old.length; i += 2) {
        if (old[i] != 0 || old[i + 1] != 0) {
          insert(old[i], old[i + 1]);
        }
      }
    }

    @Override
    long size() {
      return size;
    }

    @Override
    long bytes() {
      return 8L * table.length;
    }
  }
}
