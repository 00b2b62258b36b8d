package io.tidemark.porcupine;

import org.jspecify.annotations.Nullable;

/// One end of an operation. In a sequence of events the index is the time.
///
/// @param <I> the input of a call
/// @param <O> the answer to a call
public sealed interface Event<I, O> {
  /// Joins the call and the return of one operation; any number that no other operation has.
  int operation();

  /// A client called.
  ///
  /// @param operation joins call and return
  /// @param client who called
  /// @param input what was asked
  /// @param <I> the input of a call
  /// @param <O> the answer to a call
  record Call<I, O>(int operation, int client, I input) implements Event<I, O> {}

  /// A call returned. A call without one, or with the outcome `INFO`, is indefinite.
  ///
  /// @param operation joins call and return
  /// @param outcome what the client knows now
  /// @param output the answer, null if it is not known
  /// @param <I> the input of a call
  /// @param <O> the answer to a call
  record Return<I, O>(int operation, Outcome outcome, @Nullable O output) implements Event<I, O> {}
}
