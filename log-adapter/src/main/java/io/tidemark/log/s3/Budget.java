package io.tidemark.log.s3;

import java.time.Duration;

/// What a process may spend on requests to a store in the long run, and how long anybody is made to
/// wait for that. What it holds to, and what it does not, stands at [Governor].
///
/// @param dollarsPerHour more than zero
/// @param delayMax the longest that an append or a tail check is held back, 1 ms to 2 s: shorter
///   than what writers wait for whom they handed their appends to
public record Budget(double dollarsPerHour, Duration delayMax) {
  /// The longest delay that may be set.
  public static final Duration DELAY_MAX = Duration.ofSeconds(2);

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException naming what is wrong
  public Budget {
    if (!(dollarsPerHour > 0) || Double.isInfinite(dollarsPerHour)) {
      throw new IllegalArgumentException(
          "a budget is more than zero dollars an hour, not " + dollarsPerHour);
    }
    if (delayMax.toMillis() < 1 || delayMax.compareTo(DELAY_MAX) > 0) {
      throw new IllegalArgumentException("a budget delays by at most 1 ms to 2 s, not " + delayMax);
    }
  }
}
