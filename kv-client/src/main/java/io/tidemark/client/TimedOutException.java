package io.tidemark.client;

import org.jspecify.annotations.Nullable;

/// A read was not answered by its deadline. Try again, or give it longer.
public final class TimedOutException extends TidemarkException {
  private static final long serialVersionUID = 1;

  TimedOutException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
