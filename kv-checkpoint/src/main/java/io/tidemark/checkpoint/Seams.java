package io.tidemark.checkpoint;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// What checkpoints take from the world. Who gives it owns it.
///
/// @param clock tells how old a pin is, by its wall clock
/// @param timers end the pauses between attempts
/// @param random spreads the attempts, and draws the names of pins
public record Seams(Clock clock, Timers timers, RandomGenerator random) {
  UUID drawId() {
    return new UUID(random.nextLong(), random.nextLong());
  }
}
