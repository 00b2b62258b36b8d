package io.tidemark.verify;

import io.tidemark.porcupine.Engine;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.InfoResolver;
import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.Report;
import io.tidemark.porcupine.model.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The order that the servers themselves told: the revision of each write, and of each read the
/// revision up to which it saw everything.
///
/// It is believed in nothing. Replayed and compared with real time it is a linearization or not,
/// and if not, the revisions are wrong, which is a violation of its own: clients use them as
/// tokens.
///
/// A write of unknown outcome has the revision that a reader was told with one of its values. If
/// nobody was, the write is taken out: no answer depends on it, because whoever is told anything
/// that depends on a value is told the value. A deletion has no value; if its outcome is unknown it
/// is put before the first answer that needs it.
final class Told<I, O> {
  // Room between two revisions: deletions before the write, the write, deletions before the
  // reads, the reads.
  private static final long STEPS = 4;
  private static final long BEFORE_WRITE = 1;
  private static final long WRITE = 2;
  private static final long BEFORE_READ = 3;
  private static final long READ = 4;

  private final History<I, O> history;
  private final Mix<I, O> mix;
  private final Map<Integer, Long> keys = new HashMap<>();

  private Told(History<I, O> history, Mix<I, O> mix) {
    this.history = history;
    this.mix = mix;
  }

  static <I, O> Told<I, O> of(History<I, O> history, Mix<I, O> mix) {
    var told = new Told<>(history, mix);
    told.placeWhatWasTold();
    told.placeDeletions();
    return told;
  }

  /// Checks the history as a whole against this model: by this order, and if that is wrong by
  /// `refuter`, which looks at a history without unknown outcomes, and by a search.
  <S> Mix.Checked<I, O> check(
      Model<S, I, O> model,
      Function<History<I, O>, Optional<Report<?, I, O>>> refuter,
      Options options) {
    var resolved = InfoResolver.resolve(model, history, this::positions);
    Report<S, I, O> byOrder = replay(model, resolved.history(), options);
    Optional<String> disagreement = disagreement(resolved, byOrder);
    if (byOrder.isOk()) {
      return new Mix.Checked<>(Mix.about(history, byOrder), disagreement);
    }
    Optional<Report<?, I, O>> refuted = refuter.apply(resolved.history());
    if (refuted.isPresent()) {
      return new Mix.Checked<>(refuted.get(), disagreement);
    }
    Report<S, I, O> searched =
        Linearizability.check(model, resolved.history(), options.withEngine(Engine.SEARCH));
    return new Mix.Checked<>(Mix.about(history, searched), disagreement);
  }

  /// The report that the history is possible in this order, if it is; else nothing is said.
  <S> Optional<Report<S, I, O>> proof(Model<S, I, O> model, Options options) {
    var resolved = InfoResolver.resolve(model, history, this::positions);
    Report<S, I, O> byOrder = replay(model, resolved.history(), options);
    return byOrder.isOk() && disagreement(resolved, byOrder).isEmpty()
        ? Optional.of(Mix.about(history, byOrder))
        : Optional.empty();
  }

  /// Linear, so that no limit is needed: a refusal is never one of time.
  private <S, J, P> Report<S, J, P> replay(
      Model<S, J, P> model, History<J, P> resolved, Options options) {
    Options unlimited = options.withTimeout(Duration.ZERO).withEngine(Engine.WITNESS);
    return Linearizability.check(model, resolved, unlimited, this::keyOf);
  }

  /// Why this order is not one in which the answers are possible, if it is not.
  Optional<String> disagreement(Options options) {
    List<Operation<Transactions.Input, Transactions.Output>> operations = new ArrayList<>();
    for (Operation<I, O> operation : history.operations()) {
      O output = operation.output();
      operations.add(
          new Operation<>(
              operation.id(),
              operation.client(),
              mix.asTransaction(operation.input()),
              output == null ? null : mix.asTransaction(operation.input(), output),
              operation.call(),
              operation.ret(),
              operation.outcome(),
              operation.metadata()));
    }
    var model = new Transactions();
    var resolved = InfoResolver.resolve(model, History.of(operations), this::positions);
    return disagreement(resolved, replay(model, resolved.history(), options));
  }

  private static Optional<String> disagreement(
      InfoResolver.Resolved<?, ?> resolved, Report<?, ?, ?> report) {
    var reasons = new ArrayList<>(resolved.contradictions());
    reasons.addAll(report.witnessRefusals());
    return reasons.stream()
        .findFirst()
        .map(
            why -> "The revisions that the servers told are not the order of events: " + why + ".");
  }

  private OptionalLong keyOf(Operation<?, ?> operation) {
    Long key = keys.get(operation.id());
    return key == null ? OptionalLong.empty() : OptionalLong.of(key);
  }

  private List<Long> positions(Operation<?, ?> operation) {
    Long key = keys.get(operation.id());
    return key == null ? List.of() : List.of(key);
  }

  private void placeWhatWasTold() {
    Map<String, Long> revisions = new HashMap<>();
    for (Operation<I, O> operation : history.operations()) {
      revisions.putAll(Notes.modified(operation));
    }
    for (Operation<I, O> operation : history.operations()) {
      boolean isWrite = mix.isWrite(operation.input());
      if (operation.outcome() == Outcome.OK) {
        Notes.number(operation, Notes.REVISION)
            .ifPresent(at -> keys.put(operation.id(), STEPS * at + (isWrite ? WRITE : READ)));
      } else {
        for (String value : mix.values(operation.input())) {
          Long at = revisions.get(value);
          if (at != null) {
            keys.put(operation.id(), STEPS * at + WRITE);
          }
        }
      }
    }
  }

  /// Walks along the order; where a key must have been missing that should be there, a deletion of
  /// unknown outcome must have come before: that which was called first, since it could have come
  /// wherever a later one could.
  private void placeDeletions() {
    Map<String, List<Operation<I, O>>> open = new TreeMap<>();
    for (Operation<I, O> operation : history.operations()) {
      String key = mix.deletes(operation.input());
      if (key != null && operation.outcome() == Outcome.INFO) {
        open.computeIfAbsent(key, _ -> new ArrayList<>()).add(operation);
      }
    }
    if (open.isEmpty()) {
      return;
    }
    List<Operation<I, O>> order = new ArrayList<>();
    history.operations().stream().filter(o -> keys.containsKey(o.id())).forEach(order::add);
    order.sort(Comparator.comparingLong(o -> Objects.requireNonNull(keys.get(o.id()))));
    Map<String, String> state = new HashMap<>();
    for (Operation<I, O> operation : order) {
      Transactions.Input input = mix.asTransaction(operation.input());
      O output = operation.output();
      var answer = output == null ? null : mix.asTransaction(operation.input(), output);
      String key = needsMissing(input, answer);
      List<Operation<I, O>> candidates =
          key == null ? List.of() : open.getOrDefault(key, List.of());
      if (key != null
          && state.containsKey(key)
          && !candidates.isEmpty()
          && candidates.getFirst().call() < operation.ret()) {
        long at = Objects.requireNonNull(keys.get(operation.id()));
        boolean isWrite = mix.isWrite(operation.input());
        keys.put(
            candidates.removeFirst().id(),
            at - (isWrite ? WRITE - BEFORE_WRITE : READ - BEFORE_READ));
        state.remove(key);
      }
      apply(state, input, answer);
    }
  }

  /// The key that must be missing for this answer.
  private static @Nullable String needsMissing(
      Transactions.Input input, Transactions.@Nullable Output output) {
    if (output == null) {
      // A write of unknown outcome is in the order because it was seen: its condition held.
      return input.conditions().isEmpty() || input.conditions().getFirst().value() != null
          ? null
          : input.conditions().getFirst().key();
    }
    boolean isMissing = output.answers().equals(List.of(new Transactions.Value(null)));
    if (input.conditions().isEmpty()) {
      return isMissing && input.then().getFirst() instanceof Transactions.Get(String key)
          ? key
          : null;
    }
    var condition = input.conditions().getFirst();
    boolean meansMissing = output.succeeded() ? condition.value() == null : isMissing;
    return meansMissing ? condition.key() : null;
  }

  private static void apply(
      Map<String, String> state, Transactions.Input input, Transactions.@Nullable Output output) {
    if (output != null && !output.succeeded()) {
      return;
    }
    for (Transactions.Step step : input.then()) {
      switch (step) {
        case Transactions.Put(String key, String value) -> state.put(key, value);
        case Transactions.Delete(String key) -> state.remove(key);
        case Transactions.Get _, Transactions.Range _ -> {}
      }
    }
  }
}
