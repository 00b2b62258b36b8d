package io.tidemark.statemachine;

import java.util.List;

/// The state machine's answer to a command. A request that is repeated gets the answer it got
/// before.
public sealed interface Result {
  /// The session is open under this number.
  record SessionOpened(long session) implements Result {}

  /// The value was written at this revision.
  record Written(long revision) implements Result {}

  /// So many keys were there and are no more, since this revision.
  record Deleted(long revision, long count) implements Result {}

  /// The transaction took the branch `then` (`succeeded`) or `otherwise`, with an answer for each
  /// of the branch's operations, at this revision.
  record Decided(long revision, boolean succeeded, List<Answer> answers) implements Result {
    /// Keeps a copy of the list.
    public Decided {
      answers = List.copyOf(answers);
    }
  }

  /// The mark took effect at this revision, or, if not `effective`, another one did before.
  record Marked(long revision, boolean effective) implements Result {}

  /// The request's session is not known: it never was, or so many others were used since that it
  /// was forgotten. Nothing was done now; whether an earlier attempt of the request was is not
  /// known.
  record SessionUnknown(long session) implements Result {}

  /// The request is so far behind others of its session that it cannot be told whether it was done
  /// before. Nothing was done now.
  record AnswerForgotten(long sequence) implements Result {}

  /// The pairs that the transaction reads are together larger than [StateMachine#ANSWER_BYTES_MAX].
  /// Nothing was done.
  ///
  /// @param bytes how many bytes of keys and values they have
  record AnswerTooLarge(long bytes) implements Result {}
}
