package io.tidemark.modelcheck;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Explores a model breadth first, so that what it finds is a shortest run.
///
/// Of a state it keeps a fingerprint, the state it came from and which of that one's steps it was:
/// 16 bytes and the slack of a hash table. Whole states are kept only until their steps were taken.
/// A run is told by taking its steps again from the beginning.
final class Checker<S> {
  private final Model<S> model;
  private final int statesMax;
  private final Seen seen;
  private final ArrayDeque<S> frontier = new ArrayDeque<>();
  private long steps;
  private int expanding = Seen.NONE;
  private int ordinal;
  private boolean isFull;
  private Outcome.@Nullable Broken broken;

  private Checker(Model<S> model, int statesMax) {
    this.model = model;
    this.statesMax = statesMax;
    this.seen = new Seen();
  }

  /// Looks at every state of the model, or at `statesMax` of them.
  static <S> Outcome check(Model<S> model, int statesMax) {
    return new Checker<>(model, statesMax).run();
  }

  private Outcome run() {
    long started = System.nanoTime();
    for (S state : model.initial()) {
      visit(null, state, null);
      ordinal++;
    }
    var taker = new Taker();
    int depth = 0;
    int lastOfDepth = seen.size();
    for (int id = 0; id < seen.size() && broken == null && !isFull; id++) {
      if (id == lastOfDepth) {
        depth++;
        lastOfDepth = seen.size();
      }
      expanding = id;
      ordinal = 0;
      taker.from = frontier.remove();
      model.steps(taker.from, taker);
    }
    if (broken != null) {
      return broken;
    }
    return isFull
        ? new Outcome.TooMany(seen.size(), depth)
        : new Outcome.Holds(seen.size(), steps, depth, (System.nanoTime() - started) / 1_000_000);
  }

  private final class Taker implements Model.Steps<S> {
    @Nullable S from;

    @Override
    public void to(S next, String what, Object... args) {
      if (broken == null && !isFull) {
        steps++;
        visit(from, next, null);
        ordinal++;
      }
    }

    @Override
    public void breaks(String rule, S next, String what, Object... args) {
      if (broken == null && !isFull) {
        visit(from, next, rule);
        ordinal++;
      }
    }
  }

  private void visit(@Nullable S from, S to, @Nullable String rule) {
    S next = model.canonical(to);
    String wrong = rule == null ? brokenBy(from, next) : rule;
    if (wrong != null) {
      broken = new Outcome.Broken(wrong, tell(), seen.size());
    } else if (seen.isNew(Fingerprint.of(next), expanding, ordinal)) {
      frontier.add(next);
      isFull = seen.size() >= statesMax;
    }
  }

  private @Nullable String brokenBy(@Nullable S from, S next) {
    for (var rule : model.rules()) {
      if (!rule.holds().test(next)) {
        return rule.text();
      }
    }
    if (from != null) {
      for (var rule : model.stepRules()) {
        if (!rule.holds().test(from, next)) {
          return rule.text();
        }
      }
    }
    return null;
  }

  /// The run that ends with the step being taken.
  private List<String> tell() {
    var ordinals = new ArrayDeque<Integer>();
    ordinals.push(ordinal);
    for (int id = expanding; id != Seen.NONE; id = seen.parent(id)) {
      ordinals.push(seen.ordinal(id));
    }
    S state = model.canonical(model.initial().get(ordinals.pop()));
    var lines = new ArrayList<String>();
    lines.add("   0  at first: " + state);
    for (int step : ordinals) {
      var replay = new Replay<S>(step);
      model.steps(state, replay);
      state = model.canonical(replay.next());
      lines.add("%4d  %s%n      %s".formatted(lines.size(), replay.what(), state));
    }
    return lines;
  }

  /// Takes one step out of those offered.
  private static final class Replay<S> implements Model.Steps<S> {
    private int toSkip;
    private @Nullable S next;
    private String text = "";
    private Object[] args = {};

    Replay(int toSkip) {
      this.toSkip = toSkip;
    }

    @Override
    public void to(S state, String what, Object... values) {
      if (toSkip-- == 0) {
        next = state;
        text = what;
        args = values;
      }
    }

    String what() {
      return text.formatted(args);
    }

    @Override
    public void breaks(String rule, S state, String what, Object... values) {
      to(state, what, values);
    }

    S next() {
      if (next == null) {
        throw new IllegalStateException("the model offers other steps the second time");
      }
      return next;
    }
  }
}
