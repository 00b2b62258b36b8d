package io.tidemark.client;

import org.jspecify.annotations.Nullable;

/// The request breaks a rule, or no server of this kind takes it; nothing was done. Change the
/// request: sent again it fails again.
public final class InvalidRequestException extends TidemarkException {
  private static final long serialVersionUID = 1;

  InvalidRequestException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
