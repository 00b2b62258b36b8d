package io.tidemark.porcupine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/// Settles indefinite operations by looking into the system's log after it was sealed.
///
/// To say of an indefinite operation that it happened, or that it did not, is one of the choices
/// that a check would have tried. So a resolved history that is linearizable proves that the
/// original is; and if only the original is, then the log contradicts what the clients saw, which
/// is a bug of its own: [Verdict.LogDisagrees].
///
/// **The log must be sealed first.** A request that is still under way could be written after it
/// was declared lost.
public final class InfoResolver {
  private InfoResolver() {}

  /// What the log says.
  ///
  /// @param <I> the input of a call
  /// @param <O> the answer to a call
  @FunctionalInterface
  public interface AppliedLog<I, O> {
    /// All positions at which the operation took effect; empty if it never did. It is asked about
    /// operations that change something.
    List<Long> positions(Operation<I, O> operation);
  }

  /// A history without indefinite operations.
  ///
  /// @param history the history; ids are those of the original
  /// @param contradictions what the log says that cannot be, one sentence each
  /// @param applied how many indefinite operations happened
  /// @param dropped how many did not
  /// @param <I> the input of a call
  /// @param <O> the answer to a call
  public record Resolved<I, O>(
      History<I, O> history, List<String> contradictions, int applied, int dropped) {
    /// Copies the list.
    public Resolved {
      contradictions = List.copyOf(contradictions);
    }
  }

  /// Settles each indefinite operation that may change something.
  ///
  /// One that is in the log happened, between its call and the first return of anything later in
  /// the log. One that is not in the log did not happen. It contradicts if an operation is there
  /// twice, if one that failed is there, or if one that was acknowledged is not.
  public static <S, I, O> Resolved<I, O> resolve(
      Model<S, I, O> model, History<I, O> history, AppliedLog<I, O> log) {
    List<String> contradictions = new ArrayList<>();
    List<OptionalLong> positions = new ArrayList<>(history.size());
    for (Operation<I, O> operation : history.operations()) {
      positions.add(position(model, operation, log, contradictions));
    }
    long[] latest = latestEffects(history, positions);
    List<Operation<I, O>> resolved = new ArrayList<>(history.size());
    int applied = 0;
    int dropped = 0;
    for (Operation<I, O> operation : history.operations()) {
      int id = operation.id();
      if (operation.outcome() != Outcome.INFO || model.isPure(operation.input(), null)) {
        resolved.add(operation);
      } else if (positions.get(id).isEmpty()) {
        dropped++;
        resolved.add(replaced(operation, operation.call(), Outcome.FAIL));
      } else {
        applied++;
        if (latest[id] < operation.call()) {
          contradictions.add(
              name(model, operation) + " comes in the log before something older than its call");
        }
        resolved.add(replaced(operation, Math.max(operation.call(), latest[id]), Outcome.OK));
      }
    }
    return new Resolved<>(History.of(resolved), contradictions, applied, dropped);
  }

  /// Settles the history and checks it, and if that fails finds out whose fault it is.
  public static <S, I, O> Report<S, I, O> check(
      Model<S, I, O> model, History<I, O> history, AppliedLog<I, O> log, Options options) {
    Resolved<I, O> resolved = resolve(model, history, log);
    Report<S, I, O> report = Linearizability.check(model, resolved.history(), options);
    List<String> contradictions = new ArrayList<>(resolved.contradictions());
    if (report.verdict() instanceof Verdict.Illegal illegal) {
      Report<S, I, O> original = Linearizability.check(model, history, options);
      if (original.verdict() instanceof Verdict.Illegal) {
        return original;
      }
      contradictions.add(illegal.counterexample().sentence());
    }
    if (contradictions.isEmpty()) {
      return report;
    }
    return report.withVerdict(new Verdict.LogDisagrees(contradictions));
  }

  private static <S, I, O> OptionalLong position(
      Model<S, I, O> model,
      Operation<I, O> operation,
      AppliedLog<I, O> log,
      List<String> contradictions) {
    if (model.isPure(operation.input(), operation.output())) {
      return OptionalLong.empty();
    }
    List<Long> positions = log.positions(operation);
    if (positions.size() > 1) {
      contradictions.add(name(model, operation) + " took effect at positions " + positions);
    }
    if (operation.outcome() == Outcome.FAIL && !positions.isEmpty()) {
      contradictions.add(name(model, operation) + " failed, but is in the log at " + positions);
    }
    if (operation.output() != null && positions.isEmpty()) {
      contradictions.add(name(model, operation) + " was acknowledged, but is not in the log");
    }
    return positions.isEmpty() ? OptionalLong.empty() : OptionalLong.of(positions.get(0));
  }

  /// For each operation the first return of anything at a later position, or the end of the
  /// history: by then it had happened.
  private static <I, O> long[] latestEffects(History<I, O> history, List<OptionalLong> positions) {
    long end = Long.MIN_VALUE;
    List<Operation<I, O>> inLog = new ArrayList<>();
    for (Operation<I, O> operation : history.operations()) {
      end = Math.max(end, operation.call());
      if (operation.ret() != Operation.NEVER) {
        end = Math.max(end, operation.ret());
      }
      if (positions.get(operation.id()).isPresent()) {
        inLog.add(operation);
      }
    }
    inLog.sort(Comparator.comparingLong(operation -> -positions.get(operation.id()).orElseThrow()));
    long[] latest = new long[history.size()];
    Arrays.fill(latest, end);
    long firstReturn = end;
    for (Operation<I, O> operation : inLog) {
      latest[operation.id()] = firstReturn;
      firstReturn = Math.min(firstReturn, operation.ret());
    }
    return latest;
  }

  private static <I, O> Operation<I, O> replaced(
      Operation<I, O> operation, long ret, Outcome outcome) {
    return new Operation<>(
        operation.id(),
        operation.client(),
        operation.input(),
        null,
        operation.call(),
        ret,
        outcome,
        operation.metadata());
  }

  private static <S, I, O> String name(Model<S, I, O> model, Operation<I, O> operation) {
    return model.describe(operation.input(), operation.output())
        + " (operation "
        + operation.id()
        + ")";
  }
}
