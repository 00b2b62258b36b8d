package io.tidemark.client;

import org.jspecify.annotations.Nullable;

/// The log was sealed or fenced: no server on it takes writes any more; nothing was done. Use the
/// database that took its place.
public final class LogEndedException extends TidemarkException {
  private static final long serialVersionUID = 1;

  LogEndedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
