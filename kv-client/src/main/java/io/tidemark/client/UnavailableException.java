package io.tidemark.client;

import org.jspecify.annotations.Nullable;

/// No server could be reached, or none that could reach the log, until the deadline; nothing was
/// done. Try again later.
public final class UnavailableException extends TidemarkException {
  private static final long serialVersionUID = 1;

  UnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
