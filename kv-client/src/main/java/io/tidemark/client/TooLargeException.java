package io.tidemark.client;

import org.jspecify.annotations.Nullable;

/// A key, value, batch or answer is over a limit of [ServerInfo]; a write was not done. Make it
/// smaller.
public final class TooLargeException extends TidemarkException {
  private static final long serialVersionUID = 1;

  TooLargeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
