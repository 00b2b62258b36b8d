package io.tidemark.client;

import org.jspecify.annotations.Nullable;

/// The write may have been done, may be done later, or may never be: no server could tell in time.
///
/// Reading the key tells only what is so far. A write whose repetition does no harm may simply be
/// made again; others are best made conditional on what is there ([Transaction]).
public final class OutcomeUnknownException extends TidemarkException {
  private static final long serialVersionUID = 1;

  OutcomeUnknownException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
