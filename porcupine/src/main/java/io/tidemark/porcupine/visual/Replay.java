package io.tidemark.porcupine.visual;

import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Report;
import io.tidemark.porcupine.Sequence;
import io.tidemark.porcupine.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The linearizations of a report, played through the model: the place of each operation, and the
/// states before and after it in words. Of an illegal part, what led up to the culprit is played.
final class Replay<S, I, O> {
  /// Longer descriptions of a state are cut in the middle.
  private static final int MAX_LENGTH = 240;

  private final Report<S, I, O> report;
  private final List<String> states = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final int[] place;
  private final int[] before;
  private final int[] after;

  Replay(Report<S, I, O> report) {
    this.report = report;
    int n = report.history().size();
    this.place = new int[n];
    this.before = new int[n];
    this.after = new int[n];
    Arrays.fill(place, -1);
    if (report.verdict() instanceof Verdict.Ok ok) {
      ok.linearizations().forEach(this::play);
    } else {
      report.counterexample().ifPresent(c -> play(c.explained()));
    }
  }

  private void play(Sequence order) {
    Model<S, I, O> model = report.model();
    S state = model.init();
    int number = numberOf(state);
    for (int i = 0; i < order.size(); i++) {
      Operation<I, O> operation = report.history().get(order.get(i));
      S next = model.step(state, operation.input(), operation.output());
      if (next == null) {
        // Pending operations of a prefix are linearized without their later answers.
        next = model.step(state, operation.input(), null);
      }
      if (next == null) {
        return;
      }
      place[operation.id()] = i;
      before[operation.id()] = number;
      number = next.equals(state) ? number : numberOf(next);
      after[operation.id()] = number;
      state = next;
    }
  }

  private int numberOf(S state) {
    String words = shortened(report.model().describeState(state));
    Integer known = numbers.putIfAbsent(words, states.size());
    if (known != null) {
      return known;
    }
    states.add(words);
    return states.size() - 1;
  }

  static String shortened(String words) {
    return words.length() <= MAX_LENGTH
        ? words
        : words.substring(0, MAX_LENGTH / 2)
            + " … "
            + words.substring(words.length() - MAX_LENGTH / 2);
  }

  List<String> states() {
    return states;
  }

  int place(int id) {
    return place[id];
  }

  @Nullable Integer before(int id) {
    return place[id] < 0 ? null : before[id];
  }

  @Nullable Integer after(int id) {
    return place[id] < 0 ? null : after[id];
  }
}
