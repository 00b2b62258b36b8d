package io.tidemark.verify;

import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Decides about every [Gate] but the last, from the record alone.
final class Gates<I, O> {
  private static final double OVERLAPPING_SHARE_MIN = 0.01;

  private final Evidence<I, O> evidence;
  private final Demands demands;
  private final List<Operation<I, O>> load;
  private final List<Gate.Failure> failures = new ArrayList<>();

  private Gates(Evidence<I, O> evidence, Demands demands) {
    this.evidence = evidence;
    this.demands = demands;
    this.load = evidence.load();
  }

  /// The gates that were not passed.
  static List<Gate.Failure> failures(Evidence<?, ?> evidence, Demands demands) {
    return new Gates<>(evidence, demands).all();
  }

  private List<Gate.Failure> all() {
    evidence.history().problems().stream()
        .findFirst()
        .ifPresent(problem -> failed(Gate.SOUND_RECORD, problem));
    emptyAtStart();
    uniqueValues();
    concurrency();
    enoughAcknowledged();
    enoughIndefinite();
    faultsShowed();
    barrier();
    readEverywhere();
    return List.copyOf(failures);
  }

  private void emptyAtStart() {
    Set<I> found = new HashSet<>();
    Set<I> missing = new HashSet<>();
    for (Operation<I, O> read : of(Notes.START)) {
      O output = read.output();
      boolean isNothing = output != null && evidence.mix().isNothing(output);
      (isNothing ? missing : found).add(read.input());
    }
    if (!found.isEmpty()) {
      failed(Gate.EMPTY_AT_START, "not shown to be missing at the start: " + found);
    } else if (missing.isEmpty()) {
      failed(Gate.EMPTY_AT_START, "no key was read before the load");
    }
  }

  private void uniqueValues() {
    Map<String, Integer> writers = new HashMap<>();
    for (Operation<I, O> operation : evidence.history().operations()) {
      for (String value : evidence.mix().values(operation.input())) {
        Integer other = writers.putIfAbsent(value, operation.id());
        if (other != null) {
          failed(
              Gate.UNIQUE_VALUES,
              "operations " + other + " and " + operation.id() + " both write " + value);
          return;
        }
      }
    }
  }

  /// By answers alone: an operation of unknown outcome overlaps with all that comes after it.
  private void concurrency() {
    List<Operation<I, O>> answered = load.stream().filter(o -> o.outcome() == Outcome.OK).toList();
    long overlapping = 0;
    long latestReturn = Long.MIN_VALUE;
    int ofClient = -1;
    for (Operation<I, O> operation : answered) {
      if (operation.call() <= latestReturn && operation.client() != ofClient) {
        overlapping++;
      }
      if (operation.ret() > latestReturn) {
        latestReturn = operation.ret();
        ofClient = operation.client();
      }
    }
    if (overlapping < Math.max(1, OVERLAPPING_SHARE_MIN * answered.size())) {
      failed(
          Gate.CONCURRENCY,
          overlapping + " of " + answered.size() + " answered operations overlap with another");
    }
  }

  private void enoughAcknowledged() {
    long writes =
        load.stream()
            .filter(o -> o.outcome() == Outcome.OK && evidence.mix().isWrite(o.input()))
            .count();
    if (writes < demands.acknowledgedWritesMin()) {
      failed(
          Gate.ENOUGH_ACKNOWLEDGED,
          writes + " writes were acknowledged, less than " + demands.acknowledgedWritesMin());
    }
  }

  private void enoughIndefinite() {
    long indefinite = load.stream().filter(o -> o.outcome() == Outcome.INFO).count();
    if (indefinite < demands.indefiniteShareMin() * load.size()) {
      failed(
          Gate.ENOUGH_INDEFINITE,
          String.format(
              Locale.ROOT,
              "%d of %d operations had an unknown outcome, less than %.2f %%",
              indefinite,
              load.size(),
              demands.indefiniteShareMin() * 100));
    }
  }

  private void faultsShowed() {
    if (!demands.faultsAsked()) {
      return;
    }
    List<FaultEffects.Effect> effects = FaultEffects.of(load, evidence.faults());
    if (effects.isEmpty()) {
      failed(Gate.FAULTS_SHOWED, "no fault was injected");
    }
    effects.stream()
        .filter(effect -> !effect.showed())
        .forEach(
            effect -> failed(Gate.FAULTS_SHOWED, "no client felt any \"" + effect.kind() + "\""));
  }

  private void barrier() {
    boolean written =
        of(Notes.END).stream()
            .anyMatch(o -> o.outcome() == Outcome.OK && evidence.mix().isWrite(o.input()));
    if (!written) {
      failed(Gate.BARRIER, "no write after the load was acknowledged");
    }
  }

  private void readEverywhere() {
    Function<Operation<I, O>, String> replica = o -> o.metadata().getOrDefault(Notes.REPLICA, "?");
    Set<I> asked = new HashSet<>();
    of(Notes.START).forEach(o -> asked.add(o.input()));
    Map<String, Set<I>> answered =
        of(Notes.END).stream()
            .filter(o -> o.outcome() == Outcome.OK)
            .collect(
                Collectors.groupingBy(
                    replica, Collectors.mapping(Operation::input, Collectors.toSet())));
    Set<String> replicas = new TreeSet<>();
    evidence.history().operations().forEach(o -> replicas.add(replica.apply(o)));
    for (String one : replicas) {
      long unread =
          asked.stream().filter(i -> !answered.getOrDefault(one, Set.of()).contains(i)).count();
      if (unread > 0 || !answered.containsKey(one)) {
        failed(
            Gate.READ_EVERYWHERE,
            unread + " of " + asked.size() + " reads were not answered at the end by " + one);
      }
    }
  }

  private List<Operation<I, O>> of(String phase) {
    return evidence.history().operations().stream().filter(o -> Notes.isOfPhase(o, phase)).toList();
  }

  private void failed(Gate gate, String why) {
    failures.add(new Gate.Failure(gate, why));
  }
}
