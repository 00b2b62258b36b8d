package io.tidemark.verify;

import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which faults clients felt. Of those operations that overlapped one fault of the kind, more than
/// half of those sent to one replica were in trouble: refused, left unknown, or slow; nearly all
/// must be where half are so at other times too. Or, where the effect is weaker than that: while
/// faults of the kind lasted, and a second after, operations were refused or left unknown more than
/// twice as often as at times without any fault.
final class FaultEffects {
  private static final long AFTERMATH_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long SLOW_NANOS_MIN = Duration.ofMillis(50).toNanos();
  private static final int SLOW_TIMES_MEDIAN = 10;
  private static final int TIMES_MORE_OFTEN = 2;
  private static final long TROUBLED_MIN = 4;
  private static final double SILENT = 0.95;
  private static final long FAULT_NANOS_MIN = Duration.ofMillis(200).toNanos();

  private FaultEffects() {}

  /// One kind of fault.
  ///
  /// @param kind its name
  /// @param injected how many there were
  /// @param troubled how many operations were in trouble meanwhile
  /// @param showed whether that is more than usual
  record Effect(String kind, int injected, long troubled, boolean showed) {}

  /// Operations under load, and the faults; one effect for each kind of fault.
  static <I, O> List<Effect> of(List<Operation<I, O>> load, List<Fault> faults) {
    Map<String, List<Fault>> kinds = new LinkedHashMap<>();
    for (Fault fault : faults) {
      kinds.computeIfAbsent(fault.kind(), _ -> new ArrayList<>()).add(fault);
    }
    // Who hardly waits is in trouble at all times.
    List<Operation<I, O>> patient =
        load.stream().filter(o -> !o.metadata().containsKey(Notes.HASTY)).toList();
    long slowNanos = slowNanos(patient);
    var usual = new Share();
    for (Operation<I, O> operation : patient) {
      if (faults.stream().noneMatch(fault -> isDuring(operation, fault))) {
        usual.add(operation.outcome() != Outcome.OK);
      }
    }
    return kinds.entrySet().stream()
        .map(kind -> {
          var during = new Share();
          long troubled = 0;
          for (Operation<I, O> operation : patient) {
            if (kind.getValue().stream().anyMatch(fault -> isDuring(operation, fault))) {
              during.add(operation.outcome() != Outcome.OK);
              troubled += isTroubled(operation, slowNanos) ? 1 : 0;
            }
          }
          boolean showed =
              (during.troubled >= TROUBLED_MIN && during.share() > TIMES_MORE_OFTEN * usual.share())
                  || kind.getValue().stream()
                      .mapToDouble(fault -> worstReplica(patient, fault, slowNanos))
                      .anyMatch(share -> share >= SILENT || (share > 0.5 && usual.share() <= 0.5));
          return new Effect(kind.getKey(), kind.getValue().size(), troubled, showed);
        })
        .toList();
  }

  /// The share of operations in trouble at the replica where it is greatest, from 0 to 1.
  private static <I, O> double worstReplica(
      List<Operation<I, O>> operations, Fault fault, long slowNanos) {
    long to = Math.max(fault.to(), fault.from() + FAULT_NANOS_MIN);
    Map<String, Share> byReplica = new HashMap<>();
    for (Operation<I, O> operation : operations) {
      if (operation.call() <= to && endNanos(operation) >= fault.from()) {
        byReplica
            .computeIfAbsent(
                operation.metadata().getOrDefault(Notes.REPLICA, "?"), _ -> new Share())
            .add(isTroubled(operation, slowNanos));
      }
    }
    return byReplica.values().stream()
        .filter(one -> one.troubled >= TROUBLED_MIN)
        .mapToDouble(Share::share)
        .max()
        .orElse(0);
  }

  private static boolean isDuring(Operation<?, ?> operation, Fault fault) {
    return operation.call() <= fault.to() + AFTERMATH_NANOS && endNanos(operation) >= fault.from();
  }

  /// When an operation of unknown outcome was given up is not known: soon.
  private static long endNanos(Operation<?, ?> operation) {
    return operation.outcome() == Outcome.INFO
        ? operation.call() + FAULT_NANOS_MIN
        : operation.ret();
  }

  private static boolean isTroubled(Operation<?, ?> operation, long slowNanos) {
    return operation.outcome() != Outcome.OK || operation.ret() - operation.call() > slowNanos;
  }

  private static <I, O> long slowNanos(List<Operation<I, O>> operations) {
    long[] took =
        operations.stream()
            .filter(o -> o.outcome() == Outcome.OK)
            .mapToLong(o -> o.ret() - o.call())
            .sorted()
            .toArray();
    long median = took.length == 0 ? 0 : took[took.length / 2];
    return Math.max(SLOW_NANOS_MIN, SLOW_TIMES_MEDIAN * median);
  }

  /// A part of a whole, both counted.
  private static final class Share {
    private long troubled;
    private long all;

    void add(boolean isTroubled) {
      all++;
      troubled += isTroubled ? 1 : 0;
    }

    double share() {
      return all == 0 ? 0 : (double) troubled / all;
    }
  }
}
