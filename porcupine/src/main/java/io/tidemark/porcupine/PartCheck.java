package io.tidemark.porcupine;

import io.tidemark.porcupine.engine.Explainer;
import io.tidemark.porcupine.engine.Explanation;
import io.tidemark.porcupine.engine.Found;
import io.tidemark.porcupine.engine.Limits;
import io.tidemark.porcupine.engine.Problem;
import io.tidemark.porcupine.engine.Search;
import io.tidemark.porcupine.engine.WitnessCheck;
import io.tidemark.porcupine.engine.Zones;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides one part of a history: chooses the engine, and confirms what is illegal.
final class PartCheck<S, I, O> {
  private final Model<S, I, O> model;
  private final String name;
  private final List<Operation<I, O>> operations;
  private final Options options;
  private final Optional<Witness<I, O>> witness;
  private final Limits limits;
  private final List<String> refusals = new ArrayList<>();
  private Cost cost = Cost.NONE;

  PartCheck(
      Model<S, I, O> model,
      String name,
      List<Operation<I, O>> operations,
      Options options,
      Optional<Witness<I, O>> witness,
      Limits limits) {
    this.model = model;
    this.name = name;
    this.operations = operations;
    this.options = options;
    this.witness = witness;
    this.limits = limits;
  }

  /// The verdict on one part, with what it cost.
  record Result(Verdict verdict, Cost cost, List<String> witnessRefusals) {}

  /// What it cost to decide one or more parts.
  record Cost(
      int byWitness, int byZones, int bySearch, long steps, long configurations, long peakBytes) {
    static final Cost NONE = new Cost(0, 0, 0, 0, 0, 0);

    Cost plus(Cost other) {
      return new Cost(
          byWitness + other.byWitness,
          byZones + other.byZones,
          bySearch + other.bySearch,
          steps + other.steps,
          configurations + other.configurations,
          Math.max(peakBytes, other.peakBytes));
    }

    Stats toStats(long operations, int partitions, long elapsedNanos) {
      return new Stats(
          operations,
          partitions,
          byWitness,
          byZones,
          bySearch,
          steps,
          configurations,
          peakBytes,
          Duration.ofNanos(elapsedNanos));
    }
  }

  Report.Part part() {
    int[] ids = operations.stream().mapToInt(Operation::id).toArray();
    return new Report.Part(name, Sequence.copyOf(ids, ids.length));
  }

  Result run() {
    Problem<S, I, O> all = Problem.of(model, operations);
    Problem<S, I, O> problem = options.cache() == CacheMode.EXACT ? all.inEveryOrder() : all;
    Verdict verdict =
        switch (options.engine()) {
          case AUTO -> firstOf(byWitness(problem), () -> byZones(problem));
          case SEARCH -> bySearch(problem, options.cache());
          case ZONES -> firstOf(byZones(problem), this::notApplicable);
          case WITNESS -> firstOf(byWitness(problem), this::notApplicable);
        };
    return new Result(
        verdict == null ? bySearch(problem, options.cache()) : verdict, cost, refusals);
  }

  private static @Nullable Verdict firstOf(
      @Nullable Verdict first, Supplier<? extends @Nullable Verdict> second) {
    return first != null ? first : second.get();
  }

  private Verdict notApplicable() {
    return new Verdict.Unknown(UnknownReason.ENGINE_NOT_APPLICABLE, name);
  }

  private @Nullable Verdict byWitness(Problem<S, I, O> problem) {
    if (witness.isEmpty()) {
      return null;
    }
    WitnessCheck.Result result = WitnessCheck.run(problem, witness.get(), limits);
    cost = cost.plus(new Cost(result.holds() ? 1 : 0, 0, 0, result.steps(), 0, 0));
    if (!result.holds()) {
      refusals.add(result.refusal());
      return null;
    }
    return ok(problem, result.order());
  }

  private @Nullable Verdict byZones(Problem<S, I, O> problem) {
    Optional<Zones.Result> result = Zones.run(problem);
    if (result.isEmpty()) {
      return null;
    }
    Found found = result.get().found();
    cost = cost.plus(new Cost(0, 1, 0, 0, 0, found.bytes()));
    return found.isIllegal()
        ? explained(problem, result.get().conflict(), CacheMode.EXACT)
        : ok(problem, found.order());
  }

  private Verdict bySearch(Problem<S, I, O> problem, CacheMode mode) {
    Found found = Search.run(problem, mode, limits);
    cost = cost.plus(new Cost(0, 0, 1, found.steps(), found.configurations(), found.bytes()));
    return switch (found.status()) {
      case LEGAL -> ok(problem, found.order());
      case ILLEGAL -> explained(problem, null, mode);
      case UNKNOWN -> new Verdict.Unknown(Objects.requireNonNull(found.reason()), name);
    };
  }

  private Verdict explained(
      Problem<S, I, O> problem, Zones.@Nullable Conflict conflict, CacheMode mode) {
    Explainer<S, I, O> explainer = new Explainer<>(problem, name, mode, limits.again());
    Explanation explanation = explainer.explain(conflict);
    return switch (explanation.status()) {
      case ILLEGAL -> new Verdict.Illegal(Objects.requireNonNull(explanation.counterexample()));
      case LEGAL -> {
        if (mode == CacheMode.EXACT) {
          throw new IllegalStateException(
              "an exact counterexample is legal: the model is not pure");
        }
        yield bySearch(problem, CacheMode.EXACT);
      }
      case UNKNOWN -> new Verdict.Unknown(UnknownReason.NOT_CONFIRMED, name);
    };
  }

  private Verdict ok(Problem<S, I, O> problem, Sequence order) {
    return new Verdict.Ok(List.of(order.map(number -> problem.operations().get(number).id())));
  }
}
