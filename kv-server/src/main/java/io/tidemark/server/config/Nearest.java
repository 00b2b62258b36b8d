package io.tidemark.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what somebody may have meant.
final class Nearest {
  private Nearest() {}

  /// The name that takes the fewest letters to put in, take out or replace, if that is no more than
  /// a third of the longer one.
  static Optional<String> to(String wrong, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt((String name) -> distance(wrong, name)))
        .filter(name -> distance(wrong, name) * 3 <= Math.max(wrong.length(), name.length()));
  }

  // Levenshtein's distance, row by row.
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
