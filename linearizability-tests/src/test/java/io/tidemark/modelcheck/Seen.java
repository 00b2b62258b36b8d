package io.tidemark.modelcheck;

import java.util.Arrays;

/// The states met so far, numbered in the order they were met: fingerprint, parent, and which of
/// the parent's steps led here.
final class Seen {
  /// The parent of those that have none.
  static final int NONE = -1;

  private static final int EMPTY = -1;

  private int[] table = new int[1 << 12];
  private long[] fingerprints = new long[1 << 11];
  private int[] parents = new int[1 << 11];
  private int[] ordinals = new int[1 << 11];
  private int size;

  Seen() {
    Arrays.fill(table, EMPTY);
  }

  int size() {
    return size;
  }

  int parent(int id) {
    return parents[id];
  }

  int ordinal(int id) {
    return ordinals[id];
  }

  /// Keeps the state if it was not met before, and says whether.
  boolean isNew(long fingerprint, int parent, int ordinal) {
    int place = placeOf(fingerprint);
    if (table[place] != EMPTY) {
      return false;
    }
    if (size == fingerprints.length) {
      grow();
      place = placeOf(fingerprint);
    }
    table[place] = size;
    fingerprints[size] = fingerprint;
    parents[size] = parent;
    ordinals[size] = ordinal;
    size++;
    return true;
  }

  private int placeOf(long fingerprint) {
    int mask = table.length - 1;
    int place = (int) fingerprint & mask;
    while (table[place] != EMPTY && fingerprints[table[place]] != fingerprint) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow() {
    fingerprints = Arrays.copyOf(fingerprints, size * 2);
    parents = Arrays.copyOf(parents, size * 2);
    ordinals = Arrays.copyOf(ordinals, size * 2);
    table = new int[size * 4];
    Arrays.fill(table, EMPTY);
    for (int id = 0; id < size; id++) {
      table[placeOf(fingerprints[id])] = id;
    }
  }
}
