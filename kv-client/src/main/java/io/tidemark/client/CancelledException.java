package io.tidemark.client;

import org.jspecify.annotations.Nullable;

/// The client was closed, or the thread that waited for a read was interrupted; nothing was done. A
/// write that had been sent gives [OutcomeUnknownException] instead.
public final class CancelledException extends TidemarkException {
  private static final long serialVersionUID = 1;

  CancelledException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
