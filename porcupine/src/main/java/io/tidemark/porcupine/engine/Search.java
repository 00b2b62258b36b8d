package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.CacheMode;
import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Sequence;
import io.tidemark.porcupine.UnknownReason;
import org.jspecify.annotations.Nullable;

/// The general search, for any model.
///
/// Wing and Gong: the calls and returns stand in a list in the order of time. Some operation that
/// was called before the first return must be the first to take effect. Try one: take it out of the
/// list and go on with the rest; when a return is reached although its operation has not been taken
/// out, the last choice was wrong: put it back and try the next. Horn and Kroening: the list is
/// doubly linked, so taking out and putting back touch four neighbours. Lowe: a configuration that
/// was met before is not tried again.
///
/// ```text
///   list   call a · call b · return b · call c · return a · return c
///          ^ candidates ^    ^ b must have been linearized before here
/// ```
///
/// Of indefinite operations that ask for the same, the one that was called first is tried first:
/// what takes effect once can as well be that one. So each more of a kind does not double the work
/// (but see [Problem#inEveryOrder]).
///
/// An indefinite operation's return is at the end of the list; to reach it means that every
/// operation that returned has been linearized, which is enough.
///
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
public final class Search<S, I, O> {
  private final Problem<S, I, O> problem;
  private final Model<S, I, O> model;
  private final Limits limits;
  private final Watch watch;
  private final int n;
  private final StateTable<S> states = new StateTable<>();
  private final Linearized linearized;
  private final ConfigurationCache cache;

  // For each operation the twin that goes first, or -1; and which were linearized.
  private final int[] twins;
  private final boolean[] isLinearized;

  // Entry k is the call of operation k, entry n + k its return, entry 2n both ends of the list.
  private final int[] next;
  private final int[] prev;

  // What was linearized, in order, and the state before each.
  private final int[] stack;
  private final int[] stateBefore;
  private int depth;
  private int state;

  private Search(Problem<S, I, O> problem, CacheMode mode, Limits limits) {
    this.problem = problem;
    this.model = problem.model;
    this.limits = limits;
    this.watch = new Watch(limits);
    this.n = problem.size();
    this.linearized = new Linearized(problem);
    this.cache =
        switch (mode) {
          case EXACT -> new ConfigurationCache.Exact();
          case FINGERPRINT_128 -> new ConfigurationCache.Fingerprints();
        };
    this.twins = problem.twins();
    this.isLinearized = new boolean[n];
    this.next = new int[2 * n + 1];
    this.prev = new int[2 * n + 1];
    this.stack = new int[n];
    this.stateBefore = new int[n];
    int last = 2 * n;
    for (int event : problem.events()) {
      int entry = event >= 0 ? event : n + ~event;
      next[last] = entry;
      prev[entry] = last;
      last = entry;
    }
    next[last] = 2 * n;
    prev[2 * n] = last;
  }

  /// Searches for a linearization until there is one, there is none, or a limit is reached.
  public static <S, I, O> Found run(Problem<S, I, O> problem, CacheMode mode, Limits limits) {
    try {
      return new Search<>(problem, mode, limits).run();
    } catch (OutOfMemoryError e) {
      // Everything the search held is garbage by now.
      return Found.unknown(UnknownReason.OUT_OF_MEMORY, 0, 0, 0);
    }
  }

  private Found run() {
    int head = 2 * n;
    state = states.numberOf(problem.init);
    int entry = next[head];
    while (next[head] != head) {
      if (entry < n && isBehindItsTwin(entry)) {
        entry = next[entry];
      } else if (entry < n) {
        entry = linearize(entry) ? next[head] : next[entry];
        UnknownReason reason = watch.reached();
        if (reason != null) {
          return unknown(reason);
        }
        if (cache.size() > limits.maxConfigurations()) {
          return unknown(UnknownReason.CONFIGURATION_LIMIT);
        }
      } else if (!problem.isDefinite(entry - n)) {
        break;
      } else if (depth == 0) {
        return Found.illegal(watch.steps(), cache.size(), bytes());
      } else {
        entry = next[backtrack()];
      }
    }
    return Found.legal(Sequence.copyOf(stack, depth), watch.steps(), cache.size(), bytes());
  }

  private boolean isBehindItsTwin(int operation) {
    int twin = twins[operation];
    return twin >= 0 && !isLinearized[twin];
  }

  /// Linearizes an operation next, if the model allows it and that leads somewhere new.
  private boolean linearize(int operation) {
    watch.step();
    S before = states.get(state);
    Operation<I, O> call = problem.operations.get(operation);
    @Nullable S after = model.step(before, call.input(), call.output(), watch);
    if (after == null || watch.reached() != null) {
      return false;
    }
    int stateAfter = isSame(before, after) ? state : states.numberOf(after);
    linearized.add(operation);
    if (!cache.add(linearized, stateAfter)) {
      linearized.remove(operation);
      return false;
    }
    isLinearized[operation] = true;
    stack[depth] = operation;
    stateBefore[depth] = state;
    depth++;
    state = stateAfter;
    unlink(operation);
    unlink(n + operation);
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // A shortcut: the table compares other objects by value.
  private boolean isSame(S before, S after) {
    return before == after;
  }

  /// Takes back the last choice; returns its call's entry.
  private int backtrack() {
    depth--;
    int operation = stack[depth];
    state = stateBefore[depth];
    linearized.remove(operation);
    isLinearized[operation] = false;
    relink(n + operation);
    relink(operation);
    return operation;
  }

  private void unlink(int entry) {
    next[prev[entry]] = next[entry];
    prev[next[entry]] = prev[entry];
  }

  private void relink(int entry) {
    next[prev[entry]] = entry;
    prev[next[entry]] = entry;
  }

  private Found unknown(UnknownReason reason) {
    return Found.unknown(reason, watch.steps(), cache.size(), bytes());
  }

  private long bytes() {
    return cache.bytes() + states.bytes() + 4L * (next.length + prev.length) + 8L * n;
  }
}
