package io.tidemark.simulation;

import io.tidemark.simulation.Simulation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Finds out which faults a broken rule needs: runs the world again and again with some of them
/// left out (delta debugging), until to leave out any one more would mend it, or it was enough.
final class Minimizer {
  private static final int RUNS_MAX = 150;

  private final Case what;
  private final String rule;
  private final List<Invariant> rules;
  private int runs;

  private Minimizer(Outcome broken, List<Invariant> rules) {
    this.what = broken.what();
    this.rule = broken.brokenRule();
    this.rules = rules;
  }

  /// A smallest case.
  ///
  /// @param what it breaks the same rule
  /// @param runs how many worlds it took to find it
  record Minimal(Case what, int runs) {}

  /// The case of this run with as few faults as break the same rule.
  static Minimal minimal(Outcome broken, List<Invariant> rules) {
    var minimizer = new Minimizer(broken, rules);
    List<Integer> all = broken.deeds().stream().map(Nemesis.Deed::number).toList();
    List<Integer> few = minimizer.isBroken(List.of()) ? List.of() : minimizer.reduced(all);
    return new Minimal(broken.what().with(new TreeSet<>(few)), minimizer.runs);
  }

  // Leaves out pieces, ever smaller ones, for as long as the rule is still broken.
  private List<Integer> reduced(List<Integer> all) {
    List<Integer> left = all;
    int pieces = 2;
    while (left.size() > 1 && runs < RUNS_MAX) {
      List<Integer> fewer = withoutAPiece(left, pieces);
      if (fewer.size() < left.size()) {
        left = fewer;
        pieces = Math.max(2, pieces - 1);
      } else if (pieces >= left.size()) {
        break;
      } else {
        pieces = Math.min(left.size(), 2 * pieces);
      }
    }
    return left;
  }

  private List<Integer> withoutAPiece(List<Integer> left, int pieces) {
    for (int piece = 0; piece < pieces && runs < RUNS_MAX; piece++) {
      int from = left.size() * piece / pieces;
      int to = left.size() * (piece + 1) / pieces;
      var fewer = new ArrayList<>(left.subList(0, from));
      fewer.addAll(left.subList(to, left.size()));
      if (from < to && isBroken(fewer)) {
        return fewer;
      }
    }
    return left;
  }

  private boolean isBroken(List<Integer> deeds) {
    runs++;
    SortedSet<Integer> chosen = new TreeSet<>(deeds);
    return Simulation.run(what.with(chosen), new Trace(), rules).outcome().breaks(rule);
  }
}
