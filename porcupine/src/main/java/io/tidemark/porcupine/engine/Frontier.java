package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.Model;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.UnknownReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything that is possible at one moment: which of the open operations have taken effect, and
/// the state that follows.
///
/// Fed with calls and returns in the order of time, it linearizes operations only when a return
/// forces it to (Lowe's just-in-time linearization). When nothing is possible any more, the return
/// just fed is the first that no linearization explains.
///
/// An operation's answer must be known at its call: feed a call once its return is known, or known
/// to be missing. Knowing the answers of open operations, it may notice a violation a little before
/// the return that would show it to a client.
///
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
public final class Frontier<S, I, O> {
  private static final int MAX_OPEN = Long.SIZE;

  private final Model<S, I, O> model;
  private final Limits limits;
  private final Watch watch;
  private final StateTable<S> states = new StateTable<>();
  private final List<@Nullable Operation<I, O>> open =
      new ArrayList<>(Collections.nCopies(MAX_OPEN, null));
  private Set<Configuration> possible = new LinkedHashSet<>();
  private @Nullable UnknownReason reason;

  /// One thing that is possible.
  ///
  /// @param done the slots of open operations that have taken effect, a bit each
  /// @param state the number of the state
  private record Configuration(long done, int state) {}

  /// One thing that is possible, to go on from.
  ///
  /// @param state the state
  /// @param done the open operations that have taken effect, by id
  /// @param <S> the state
  public record Start<S>(S state, Set<Integer> done) {}

  /// Everything is still to come.
  public Frontier(Model<S, I, O> model, S init, Limits limits) {
    this.model = model;
    this.limits = limits;
    this.watch = new Watch(limits);
    possible.add(new Configuration(0, states.numberOf(init)));
  }

  /// An operation was called.
  public void call(Operation<I, O> operation) {
    int slot = open.indexOf(null);
    if (slot < 0) {
      reason = UnknownReason.CONFIGURATION_LIMIT;
    } else {
      open.set(slot, operation);
    }
  }

  /// An operation that was called returned. Whether anything is still possible; true as well when
  /// that is not known because a limit was reached, see [#unknown].
  public boolean ret(Operation<I, O> operation) {
    if (reason != null) {
      return true;
    }
    int slot = slotOf(operation.id());
    long bit = 1L << slot;
    Set<Configuration> after = new LinkedHashSet<>();
    Set<Configuration> seen = new HashSet<>(possible);
    ArrayDeque<Configuration> todo = new ArrayDeque<>(possible);
    while (!todo.isEmpty()) {
      Configuration from = todo.poll();
      if ((from.done & bit) != 0) {
        after.add(new Configuration(from.done & ~bit, from.state));
        continue;
      }
      for (int next = 0; next < MAX_OPEN; next++) {
        Configuration to = (from.done >>> next & 1) == 0 ? linearize(from, next) : null;
        if (to != null && seen.add(to)) {
          todo.add(to);
        }
      }
      if (reason == null && seen.size() + states.size() > limits.maxConfigurations()) {
        reason = UnknownReason.CONFIGURATION_LIMIT;
      }
      if (reason != null) {
        return true;
      }
    }
    open.set(slot, null);
    possible = after;
    return !possible.isEmpty();
  }

  private @Nullable Configuration linearize(Configuration from, int slot) {
    Operation<I, O> operation = open.get(slot);
    if (operation == null) {
      return null;
    }
    watch.step();
    S after = model.step(states.get(from.state), operation.input(), operation.output(), watch);
    reason = watch.reached();
    return after == null || reason != null
        ? null
        : new Configuration(from.done | 1L << slot, states.numberOf(after));
  }

  private int slotOf(int id) {
    for (int slot = 0; slot < MAX_OPEN; slot++) {
      Operation<I, O> operation = open.get(slot);
      if (operation != null && operation.id() == id) {
        return slot;
      }
    }
    throw new IllegalArgumentException("operation " + id + " is not open");
  }

  /// Why it does not know any more, or null if it does. More than 64 open operations, which is what
  /// many indefinite ones come to, count as a limit on configurations.
  public @Nullable UnknownReason unknown() {
    return reason;
  }

  /// How often the model was asked.
  public long steps() {
    return watch.steps();
  }

  /// How many things are possible now.
  public int size() {
    return possible.size();
  }

  /// The operations that are open now, in no particular order.
  public Collection<Operation<I, O>> open() {
    List<Operation<I, O>> result = new ArrayList<>();
    for (Operation<I, O> operation : open) {
      if (operation != null) {
        result.add(operation);
      }
    }
    return result;
  }

  /// All that is possible now.
  public List<Start<S>> starts() {
    List<Start<S>> starts = new ArrayList<>(possible.size());
    for (Configuration configuration : possible) {
      Set<Integer> done = new HashSet<>();
      for (int slot = 0; slot < MAX_OPEN; slot++) {
        Operation<I, O> operation = open.get(slot);
        if (operation != null && (configuration.done >>> slot & 1) != 0) {
          done.add(operation.id());
        }
      }
      starts.add(new Start<>(states.get(configuration.state), done));
    }
    return starts;
  }
}
