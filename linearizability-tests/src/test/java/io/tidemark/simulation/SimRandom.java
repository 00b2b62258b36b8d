package io.tidemark.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Numbers that only the seed and a name decide; each draw is part of the trace.
///
/// Every part of the world has one of its own, so that a change to what one part draws leaves the
/// numbers of the others as they were.
final class SimRandom implements RandomGenerator {
  private final SplittableRandom numbers;
  private final Trace trace;

  SimRandom(long seed, String name, Trace trace) {
    this.numbers = new SplittableRandom(Trace.mix(seed, name.hashCode()));
    this.trace = trace;
  }

  @Override
  public long nextLong() {
    long drawn = numbers.nextLong();
    trace.add(Trace.Kind.DRAW, drawn, 0);
    return drawn;
  }

  /// True in so many of a hundred draws.
  boolean percent(int percent) {
    return nextInt(100) < percent;
  }

  /// True with this probability.
  boolean chance(double probability) {
    return probability > 0 && nextDouble() < probability;
  }

  /// One of these.
  <T> T oneOf(List<T> choices) {
    return choices.get(nextInt(choices.size()));
  }

  /// A number of nanoseconds between these many milliseconds.
  long nanosBetween(long millisMin, long millisMax) {
    return nextLong(millisMin * 1_000_000, millisMax * 1_000_000 + 1);
  }
}
