package io.tidemark.porcupine;

import org.jspecify.annotations.Nullable;

/// A sequential specification: what one copy of the thing under test would do, one call at a time.
///
/// Every method must be pure: equal arguments give equal answers, and no argument is changed.
/// States are compared with `equals` and `hashCode`; records do. Several threads may call at once.
///
/// @param <S> the state
/// @param <I> the input of a call
/// @param <O> the answer to a call
public interface Model<S, I, O> {
  /// The state before the first call.
  S init();

  /// The state after `input` was answered with `output`, or null if that is impossible in `state`.
  ///
  /// A null `output` means that the answer is not known: accept every answer the model could have
  /// given.
  @Nullable S step(S state, I input, @Nullable O output);

  /// As [#step(Object, Object, Object)], for a model whose steps are so slow that they look at
  /// `context` now and then. A step that was stopped may return anything; the answer is discarded.
  default @Nullable S step(S state, I input, @Nullable O output, StepContext context) {
    return step(state, input, output);
  }

  /// Whether a linearizable history stays linearizable when such a call is taken out: a read, a
  /// condition that failed. A wrong `true` makes verdicts wrong; `false` is always safe.
  default boolean isPure(I input, @Nullable O output) {
    return false;
  }

  /// How to split a history into parts that may be checked on their own.
  default Partitioner<I> partitioner() {
    return Partitioner.none();
  }

  /// What makes this model a read/write register, or null if it is something else. With it, a
  /// partition whose written values are all different is decided in O(n log n).
  default @Nullable RegisterAccess<I, O> registerAccess() {
    return null;
  }

  /// A call in words, for people.
  default String describe(I input, @Nullable O output) {
    return input + " → " + (output == null ? "?" : output);
  }

  /// A state in words, for people.
  default String describeState(S state) {
    return state.toString();
  }
}
