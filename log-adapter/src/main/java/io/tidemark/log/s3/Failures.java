package io.tidemark.log.s3;

import io.tidemark.log.LogException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// How failures of a store are told to users of a log.
final class Failures {
  private Failures() {}

  /// What lies below the wrapping that futures add.
  static @Nullable Throwable cause(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /// The log is away.
  ///
  /// @param what was being done
  static LogException unavailable(String what, @Nullable Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof LogException known) {
      return known;
    }
    String why = cause == null ? "" : ": " + cause.getMessage();
    return new LogException.Unavailable(what + " failed" + why, cause);
  }

  /// An object is damaged.
  static LogException.Corrupt corrupt(
      ObjectStore store, String key, DamagedObjectException damage) {
    return new LogException.Corrupt("object " + key + " in " + store + ": " + damage.getMessage());
  }

  static boolean isThrottled(@Nullable Throwable failure) {
    return cause(failure) instanceof StoreException.Unavailable unavailable
        && unavailable.isThrottled();
  }
}
