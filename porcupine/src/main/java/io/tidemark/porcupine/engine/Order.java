package io.tidemark.porcupine.engine;

/// Stable sorting of indexes by a key of each, without objects.
final class Order {
  private Order() {}

  /// The indexes 0 to n-1 in the order of their keys; equal keys keep the order of the indexes.
  static int[] by(long[] keys) {
    int n = keys.length;
    int[] from = new int[n];
    boolean sorted = true;
    for (int i = 0; i < n; i++) {
      from[i] = i;
      sorted &= i == 0 || keys[i - 1] <= keys[i];
    }
    if (sorted) {
      return from;
    }
    int[] to = new int[n];
    for (int width = 1; width < n; width *= 2) {
      for (int low = 0; low < n; low += 2 * width) {
        merge(keys, from, to, low, Math.min(low + width, n), Math.min(low + 2 * width, n));
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private static void merge(long[] keys, int[] from, int[] to, int low, int middle, int high) {
    int left = low;
    int right = middle;
    for (int i = low; i < high; i++) {
      boolean takeLeft = left < middle && (right >= high || keys[from[left]] <= keys[from[right]]);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }
}
