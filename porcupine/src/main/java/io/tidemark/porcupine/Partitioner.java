package io.tidemark.porcupine;

/// Splits a history into parts that do not influence each other: linearizability is local, so the
/// whole is linearizable exactly if every part is.
///
/// @param <I> the input of a call
@FunctionalInterface
public interface Partitioner<I> {
  /// The part that a call belongs to, compared with `equals`. It must hold that no call of one part
  /// can see the effect of a call of another.
  Object partOf(I input);

  /// Everything in one part.
  static <I> Partitioner<I> none() {
    return input -> "";
  }
}
