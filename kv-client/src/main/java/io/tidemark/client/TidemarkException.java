package io.tidemark.client;

import org.jspecify.annotations.Nullable;

/// Why a request has no answer: one subclass for each thing a caller can do about it.
///
/// Every subclass but [OutcomeUnknownException] is definite: the request had no effect and never
/// will.
public abstract sealed class TidemarkException extends RuntimeException
    permits CancelledException,
        InvalidRequestException,
        LogEndedException,
        OutcomeUnknownException,
        OverloadedException,
        TimedOutException,
        TooLargeException,
        UnavailableException {
  private static final long serialVersionUID = 1;

  TidemarkException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Whether the request may have had its effect, or may have it later. False means that it never
  /// has.
  public final boolean mayHaveHappened() {
    return this instanceof OutcomeUnknownException;
  }
}
