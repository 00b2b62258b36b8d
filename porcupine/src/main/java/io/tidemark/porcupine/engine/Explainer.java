package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.CacheMode;
import io.tidemark.porcupine.Counterexample;
import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.Sequence;
import io.tidemark.porcupine.engine.Found.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reduces an illegal part of a history to a few operations and confirms them exactly.
///
/// Each reduction keeps what is left illegal only if the whole was:
/// - *the shortest illegal prefix*, by binary search: a prefix of a linearizable history is
///   linearizable, with the operations that had not returned made indefinite. Its last return is
///   the culprit's;
/// - *the frontier*: what precedes the culprit's call is replaced by everything that was possible
///   then;
/// - *two values*: of a unique-value register, all operations of any other value may go;
/// - *pure operations* may go, one by one, as long as what is left is illegal.
///
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
public final class Explainer<S, I, O> {
  /// The most starts to go on from: each is searched on its own.
  private static final int MAX_STARTS = 1024;

  /// The most operations among which to look for superfluous ones, each by a search.
  private static final int MAX_CANDIDATES = 256;

  private static final int MAX_STATES_SHOWN = 8;

  private final Problem<S, I, O> problem;
  private final Model<S, I, O> model;
  private final String partition;
  private final CacheMode mode;
  private final Limits limits;

  /// Explains within these limits, which hold for each of the searches that it needs.
  public Explainer(Problem<S, I, O> problem, String partition, CacheMode mode, Limits limits) {
    this.problem = problem;
    this.model = problem.model;
    this.partition = partition;
    this.mode = mode;
    this.limits = limits;
  }

  /// Confirms and explains; a conflict of zones is where to look first.
  public Explanation explain(Zones.@Nullable Conflict conflict) {
    List<Operation<I, O>> suspects = problem.operations;
    if (conflict != null) {
      suspects =
          conflict.operations().stream()
              .map(problem.operations::get)
              .sorted(Comparator.comparingInt(Operation::id))
              .toList();
    }
    Prefixes<S, I, O> prefixes = new Prefixes<>(model, problem.init, suspects);
    int shortest = prefixes.shortestIllegal(mode, limits);
    Operation<I, O> culprit = prefixes.last(shortest);
    List<Operation<I, O>> prefix = prefixes.get(shortest);
    Excerpt<S, I, O> whole =
        new Excerpt<>(model, List.of(new Frontier.Start<>(problem.init, Set.of())), prefix);
    Excerpt<S, I, O> excerpt = conflict == null ? fromFrontier(prefix, culprit, whole) : whole;
    boolean fromStart = excerpt.equals(whole);
    excerpt = withoutSuperfluous(excerpt, culprit);
    Status status = excerpt.decide(CacheMode.EXACT, limits);
    if (status == Status.UNKNOWN && mode == CacheMode.EXACT) {
      // The reduction is too dear to confirm, but an exact search has decided on the prefix.
      excerpt = whole;
      fromStart = true;
      status = Status.ILLEGAL;
    }
    if (status != Status.ILLEGAL) {
      return new Explanation(status, null);
    }
    Set<Integer> kept =
        excerpt.operations().stream().map(Operation::id).collect(Collectors.toSet());
    List<String> states = states(excerpt);
    String why =
        conflict == null
            ? sentence(culprit, excerpt, states, fromStart)
            : sentence(conflict, suspects);
    Set<Integer> pending = new HashSet<>();
    for (Operation<I, O> operation : excerpt.operations()) {
      if (operation.outcome() == Outcome.INFO) {
        pending.add(operation.id());
      }
    }
    return new Explanation(
        Status.ILLEGAL,
        new Counterexample(
            partition,
            kept.stream().sorted().toList(),
            culprit.id(),
            pending,
            fromStart,
            states.stream().limit(MAX_STATES_SHOWN).toList(),
            states.size(),
            leadingUpTo(prefixes, shortest),
            why));
  }

  private Excerpt<S, I, O> fromFrontier(
      List<Operation<I, O>> prefix, Operation<I, O> culprit, Excerpt<S, I, O> otherwise) {
    Problem<S, I, O> before = Problem.from(model, problem.init, prefix);
    Frontier<S, I, O> frontier = new Frontier<>(model, problem.init, limits);
    int called = 0;
    for (int event : before.events()) {
      Operation<I, O> operation = before.operations.get(event >= 0 ? event : ~event);
      if (operation.id() == culprit.id()) {
        break;
      }
      if (event >= 0) {
        frontier.call(operation);
        called++;
      } else if (!frontier.ret(operation)) {
        return otherwise;
      }
    }
    if (frontier.unknown() != null || frontier.size() > MAX_STARTS) {
      return otherwise;
    }
    List<Operation<I, O>> operations = new ArrayList<>(frontier.open());
    operations.sort(Comparator.comparingInt(Operation::id));
    operations.addAll(before.operations.subList(called, before.size()));
    return new Excerpt<>(model, frontier.starts(), operations);
  }

  private Excerpt<S, I, O> withoutSuperfluous(Excerpt<S, I, O> excerpt, Operation<I, O> culprit) {
    List<Operation<I, O>> candidates =
        excerpt.operations().stream()
            .filter(o -> o.id() != culprit.id() && model.isPure(o.input(), o.output()))
            .toList();
    if (excerpt.operations().size() > MAX_CANDIDATES) {
      return excerpt;
    }
    Excerpt<S, I, O> smallest = excerpt;
    for (Operation<I, O> candidate : candidates) {
      Excerpt<S, I, O> smaller = smallest.without(candidate);
      if (smaller.decide(mode, limits) == Status.ILLEGAL) {
        smallest = smaller;
      }
    }
    return smallest;
  }

  /// An order of everything up to the culprit's return, which is left out.
  private Sequence leadingUpTo(Prefixes<S, I, O> prefixes, int shortest) {
    List<Operation<I, O>> before = shortest == 0 ? List.of() : prefixes.get(shortest - 1);
    Problem<S, I, O> legal = Problem.from(model, problem.init, before);
    Found found = Search.run(legal, mode, limits);
    return found.order().map(number -> legal.operations.get(number).id());
  }

  private List<String> states(Excerpt<S, I, O> excerpt) {
    return excerpt.starts().stream()
        .map(start -> model.describeState(start.state()))
        .distinct()
        .toList();
  }

  private String sentence(
      Operation<I, O> culprit, Excerpt<S, I, O> excerpt, List<String> states, boolean fromStart) {
    int others = excerpt.operations().size() - 1;
    String subject = describe(culprit) + " is impossible: ";
    if (fromStart) {
      return subject + "no order of the " + others + " other operations explains it.";
    }
    String possible =
        states.size() == 1
            ? "could only be " + states.get(0)
            : "was one of " + states.size() + ", such as " + states.get(0);
    return subject
        + "when it was called the state "
        + possible
        + (others == 0
            ? "."
            : others == 1
                ? ", and the one other operation then open does not help."
                : ", and the " + others + " other operations then open do not help.");
  }

  private String sentence(Zones.Conflict conflict, List<Operation<I, O>> suspects) {
    Operation<I, O> first = problem.operations.get(conflict.operations().get(0));
    return switch (conflict.kind()) {
      case NEVER_WRITTEN -> describe(first) + " answered with a value that nobody ever wrote.";
      case READ_BEFORE_WRITE ->
          describe(first)
              + " had returned before its value was written by "
              + describe(problem.operations.get(conflict.operations().get(1)))
              + ".";
      case INTERLEAVED -> interleaved(suspects);
    };
  }

  /// Two values were both there before the other: finds, for the last of the calls, what returned
  /// before it although it is of the other value.
  private String interleaved(List<Operation<I, O>> suspects) {
    Operation<I, O> late = suspects.get(suspects.size() - 1);
    Object value = valueOf(late);
    return suspects.stream()
        .filter(o -> !valueOf(o).equals(value) && o.precedes(late))
        .findFirst()
        .map(between ->
            describe(late)
                + " began after "
                + describe(between)
                + " had returned, so its value was replaced and came back.")
        .orElse(describe(late) + " belongs to a value that was replaced and came back.");
  }

  private Object valueOf(Operation<I, O> operation) {
    var access = model.registerAccess();
    return access == null ? operation : access.value(operation.input(), operation.output());
  }

  private String describe(Operation<I, O> operation) {
    return model.describe(operation.input(), operation.output())
        + " (operation "
        + operation.id()
        + " of client "
        + operation.client()
        + ")";
  }
}
