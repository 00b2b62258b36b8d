package io.tidemark.porcupine;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A specification that may go several ways: an append whose acknowledgement was lost, a cache that
/// may or may not have evicted.
///
/// [#toModel] makes a [Model] of it by the power set construction: its state is the set of all
/// states that are possible, and a call is impossible only if it is so in every one of them.
///
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
public interface NondeterministicModel<S, I, O> {
  /// The possible states before the first call; at least one.
  Collection<S> init();

  /// The states that may follow when `input` was answered with `output` (null: not known); empty if
  /// that is impossible in `state`.
  Collection<S> step(S state, I input, @Nullable O output);

  /// See [Model#isPure].
  default boolean isPure(I input, @Nullable O output) {
    return false;
  }

  /// See [Model#partitioner].
  default Partitioner<I> partitioner() {
    return Partitioner.none();
  }

  /// See [Model#describe].
  default String describe(I input, @Nullable O output) {
    return input + " → " + (output == null ? "?" : output);
  }

  /// See [Model#describeState].
  default String describeState(S state) {
    return state.toString();
  }

  /// The deterministic model whose states are the sets of possible states.
  default Model<Set<S>, I, O> toModel() {
    NondeterministicModel<S, I, O> self = this;
    return new Model<>() {
      @Override
      public Set<S> init() {
        Set<S> states = new LinkedHashSet<>(self.init());
        if (states.isEmpty()) {
          throw new IllegalArgumentException("a model has at least one initial state");
        }
        return Collections.unmodifiableSet(states);
      }

      @Override
      public @Nullable Set<S> step(Set<S> states, I input, @Nullable O output) {
        return step(states, input, output, StepContext.UNLIMITED);
      }

      @Override
      public @Nullable Set<S> step(
          Set<S> states, I input, @Nullable O output, StepContext context) {
        Set<S> next = new LinkedHashSet<>();
        for (S state : states) {
          if (context.stopped()) {
            return null;
          }
          next.addAll(self.step(state, input, output));
        }
        return next.isEmpty() ? null : Collections.unmodifiableSet(next);
      }

      @Override
      public boolean isPure(I input, @Nullable O output) {
        return self.isPure(input, output);
      }

      @Override
      public Partitioner<I> partitioner() {
        return self.partitioner();
      }

      @Override
      public String describe(I input, @Nullable O output) {
        return self.describe(input, output);
      }

      @Override
      public String describeState(Set<S> states) {
        return states.stream()
            .map(self::describeState)
            .sorted()
            .collect(Collectors.joining(" or "));
      }
    };
  }
}
