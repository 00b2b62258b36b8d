package io.tidemark.client;

import org.jspecify.annotations.Nullable;

/// Too much was waiting, here or at the server, until the deadline; nothing was done. Send less at
/// once, and try again later.
public final class OverloadedException extends TidemarkException {
  private static final long serialVersionUID = 1;

  OverloadedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
