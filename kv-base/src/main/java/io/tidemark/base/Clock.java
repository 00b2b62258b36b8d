package io.tidemark.base;

/// The one source of time. The state machine has none: it knows the log's time only.
public interface Clock {
  /// The machine's clock.
  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public long wallMillis() {
          return System.currentTimeMillis();
        }
      };

  /// Monotonic nanoseconds from an arbitrary origin; only differences mean anything.
  long nanoTime();

  /// Milliseconds since 1970-01-01 UTC, which may jump either way.
  long wallMillis();
}
