package io.tidemark.porcupine;

import io.tidemark.porcupine.engine.Limits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The checker.
///
/// A history is split into parts that do not influence each other, the parts are decided the
/// largest first, and the first that is not linearizable ends the check.
public final class Linearizability {
  private Linearizability() {}

  /// Checks a history against a model.
  public static <S, I, O> Report<S, I, O> check(
      Model<S, I, O> model, History<I, O> history, Options options) {
    return check(model, history, options, Optional.empty());
  }

  /// Checks a history against a model, with the order that the system says things happened in. The
  /// verdict does not depend on whether that is right.
  public static <S, I, O> Report<S, I, O> check(
      Model<S, I, O> model, History<I, O> history, Options options, Witness<I, O> witness) {
    return check(model, history, options, Optional.of(witness));
  }

  private static <S, I, O> Report<S, I, O> check(
      Model<S, I, O> model,
      History<I, O> history,
      Options options,
      Optional<Witness<I, O>> witness) {
    long began = System.nanoTime();
    List<Map.Entry<Object, List<Operation<I, O>>>> parts = split(model, history);
    int workers = Math.max(1, Math.min(options.parallelism(), parts.size()));
    // The first part, in their order, that is illegal. It decides, and cancels only what comes
    // after
    // it, so that the report is the same however many workers there are.
    AtomicInteger firstIllegal = new AtomicInteger(Integer.MAX_VALUE);
    List<PartCheck<S, I, O>> checks = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      int index = i;
      Limits limits =
          new Limits(
              began + options.timeout().toNanos(),
              options.timeout().toNanos(),
              Math.max(1, options.maxConfigurations() / workers),
              () -> firstIllegal.get() < index);
      checks.add(
          new PartCheck<>(
              model,
              String.valueOf(parts.get(i).getKey()),
              parts.get(i).getValue(),
              options,
              witness,
              limits));
    }
    List<PartCheck.Result> results = run(checks, workers, firstIllegal);
    return report(model, history, checks, results, System.nanoTime() - began);
  }

  private static <S, I, O> List<Map.Entry<Object, List<Operation<I, O>>>> split(
      Model<S, I, O> model, History<I, O> history) {
    Partitioner<I> partitioner = model.partitioner();
    Map<Object, List<Operation<I, O>>> parts = new LinkedHashMap<>();
    for (Operation<I, O> operation : history.operations()) {
      parts
          .computeIfAbsent(partitioner.partOf(operation.input()), key -> new ArrayList<>())
          .add(operation);
    }
    List<Map.Entry<Object, List<Operation<I, O>>>> sorted = new ArrayList<>(parts.entrySet());
    sorted.sort(Comparator.comparingInt(part -> -part.getValue().size()));
    return sorted;
  }

  private static List<PartCheck.Result> run(
      List<? extends PartCheck<?, ?, ?>> checks, int workers, AtomicInteger firstIllegal) {
    List<PartCheck.Result> results = new ArrayList<>();
    if (workers == 1) {
      for (int i = 0; i < checks.size() && firstIllegal.get() > i; i++) {
        results.add(runOne(checks.get(i), i, firstIllegal));
      }
      return results;
    }
    ExecutorService pool = Executors.newFixedThreadPool(workers, Linearizability::daemon);
    try {
      List<Future<PartCheck.Result>> futures = new ArrayList<>();
      for (int i = 0; i < checks.size(); i++) {
        int index = i;
        futures.add(pool.submit(() -> runOne(checks.get(index), index, firstIllegal)));
      }
      for (int i = 0; i < futures.size() && firstIllegal.get() >= i; i++) {
        results.add(get(futures.get(i)));
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private static PartCheck.Result runOne(
      PartCheck<?, ?, ?> check, int index, AtomicInteger firstIllegal) {
    PartCheck.Result result = check.run();
    if (result.verdict() instanceof Verdict.Illegal) {
      firstIllegal.accumulateAndGet(index, Math::min);
    }
    return result;
  }

  private static <S, I, O> Report<S, I, O> report(
      Model<S, I, O> model,
      History<I, O> history,
      List<PartCheck<S, I, O>> checks,
      List<PartCheck.Result> results,
      long elapsedNanos) {
    @Nullable Verdict verdict = null;
    List<Sequence> linearizations = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    PartCheck.Cost cost = PartCheck.Cost.NONE;
    for (PartCheck.Result result : results) {
      cost = cost.plus(result.cost());
      refusals.addAll(result.witnessRefusals());
      if (result.verdict() instanceof Verdict.Ok ok) {
        linearizations.addAll(ok.linearizations());
      } else if (verdict == null || result.verdict() instanceof Verdict.Illegal) {
        verdict = result.verdict();
      }
    }
    return new Report<>(
        model,
        history,
        verdict == null ? new Verdict.Ok(linearizations) : verdict,
        cost.toStats(history.size(), checks.size(), elapsedNanos),
        checks.stream().map(PartCheck::part).toList(),
        refusals);
  }

  private static <T> T get(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          throw new IllegalStateException("the model failed", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "porcupine");
    thread.setDaemon(true);
    return thread;
  }
}
