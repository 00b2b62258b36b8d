package io.tidemark.client;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import java.util.random.RandomGenerator;

/// Where a client takes time, delays and chance from, so that a test or a simulation can own them.
/// The client closes none of them.
///
/// @param clock the time that deadlines are measured by
/// @param timers run what is to be tried again later
/// @param random chooses the first endpoint and spreads pauses; called under a lock
public record Seams(Clock clock, Timers timers, RandomGenerator random) {}
