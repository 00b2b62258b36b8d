package io.tidemark.log;

import io.tidemark.base.Bytes;

/// What must hold for an append to enter the log. A log that was fenced takes only appends that
/// carry its token, whatever else they ask for.
public sealed interface Precondition {
  /// Nothing, except that the log is not fenced.
  Precondition NONE = new None();

  /// Nothing, except that the log is not fenced.
  record None() implements Precondition {}

  /// The batch's first record comes to stand at this position, the tail its writer believes in
  /// (optimistic); otherwise the append fails with [LogException.TailMismatch].
  record ExpectedTail(long position) implements Precondition {}

  /// The log's fence has this token (pessimistic); otherwise the append fails with
  /// [LogException.Fenced].
  record FencingToken(Bytes token) implements Precondition {}
}
