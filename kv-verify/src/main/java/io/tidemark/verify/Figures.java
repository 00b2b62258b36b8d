package io.tidemark.verify;

import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A run in numbers: the operations under load.
///
/// @param operations how many there were
/// @param answered how many of them got an answer
/// @param acknowledgedWrites how many of those may have changed something
/// @param refused how many were refused, without effect
/// @param indefinite how many had an unknown outcome
/// @param lasted from the first call to the last event
/// @param kinds the same by kind of operation
/// @param answeredByReplica how many answers each endpoint gave
/// @param faults what was injected, by kind
public record Figures(
    long operations,
    long answered,
    long acknowledgedWrites,
    long refused,
    long indefinite,
    Duration lasted,
    List<Kind> kinds,
    Map<String, Long> answeredByReplica,
    List<Faults> faults) {
  /// One kind of operation; latencies are of those that were answered, zero if none was.
  ///
  /// @param name what it is
  /// @param answered how many got an answer
  /// @param refused how many were refused, without effect
  /// @param indefinite how many had an unknown outcome
  /// @param p50 half of the answers came within this
  /// @param p99 99 of 100 answers came within this
  /// @param max every answer came within this
  public record Kind(
      String name,
      long answered,
      long refused,
      long indefinite,
      Duration p50,
      Duration p99,
      Duration max) {}

  /// One kind of fault.
  ///
  /// @param kind what it is
  /// @param injected how many there were
  /// @param troubled how many operations were refused, left unknown or slow meanwhile
  /// @param showed whether that is more than twice as often as at other times
  public record Faults(String kind, int injected, long troubled, boolean showed) {}

  /// Copies the collections.
  public Figures {
    kinds = List.copyOf(kinds);
    answeredByReplica = new TreeMap<>(answeredByReplica);
    faults = List.copyOf(faults);
  }

  /// The part of the operations with an unknown outcome, from 0 to 1.
  public double indefiniteShare() {
    return operations == 0 ? 0 : (double) indefinite / operations;
  }

  /// The figures in one line.
  public String summary() {
    int injected = faults.stream().mapToInt(Faults::injected).sum();
    return String.format(
        Locale.ROOT,
        "%,d operations in %.1f s: %,d answered, of them %,d writes; %,d refused,"
            + " %,d of unknown outcome (%.2f %%); %d faults",
        operations,
        lasted.toMillis() / 1e3,
        answered,
        acknowledgedWrites,
        refused,
        indefinite,
        indefiniteShare() * 100,
        injected);
  }

  static <I, O> Figures of(Evidence<I, O> evidence) {
    List<Operation<I, O>> load = evidence.load();
    Map<String, List<Operation<I, O>>> byKind = new TreeMap<>();
    Map<String, Long> byReplica = new TreeMap<>();
    long writes = 0;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Operation<I, O> operation : load) {
      byKind
          .computeIfAbsent(evidence.mix().name(operation.input()), _ -> new ArrayList<>())
          .add(operation);
      first = Math.min(first, operation.call());
      last = Math.max(last, operation.outcome() == Outcome.INFO ? first : operation.ret());
      if (operation.outcome() == Outcome.OK) {
        writes += evidence.mix().isWrite(operation.input()) ? 1 : 0;
        byReplica.merge(operation.metadata().getOrDefault(Notes.REPLICA, "?"), 1L, Long::sum);
      }
    }
    return new Figures(
        load.size(),
        count(load, Outcome.OK),
        writes,
        count(load, Outcome.FAIL),
        count(load, Outcome.INFO),
        load.isEmpty() ? Duration.ZERO : Duration.ofNanos(last - first),
        byKind.entrySet().stream().map(e -> kind(e.getKey(), e.getValue())).toList(),
        byReplica,
        FaultEffects.of(load, evidence.faults()).stream()
            .map(e -> new Faults(e.kind(), e.injected(), e.troubled(), e.showed()))
            .toList());
  }

  private static <I, O> Kind kind(String name, List<Operation<I, O>> operations) {
    long[] took =
        operations.stream()
            .filter(o -> o.outcome() == Outcome.OK)
            .mapToLong(o -> o.ret() - o.call())
            .sorted()
            .toArray();
    return new Kind(
        name,
        took.length,
        count(operations, Outcome.FAIL),
        count(operations, Outcome.INFO),
        percentile(took, 50),
        percentile(took, 99),
        percentile(took, 100));
  }

  private static Duration percentile(long[] sorted, int percent) {
    if (sorted.length == 0) {
      return Duration.ZERO;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return Duration.ofNanos(sorted[Math.max(0, rank - 1)]);
  }

  private static <I, O> long count(List<Operation<I, O>> operations, Outcome outcome) {
    return operations.stream().filter(o -> o.outcome() == outcome).count();
  }
}
