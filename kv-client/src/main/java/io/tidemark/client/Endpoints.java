package io.tidemark.client;

import io.tidemark.base.Clock;
import java.util.List;
import java.util.random.RandomGenerator;

/// Says where to send: to the one that works, for as long as it does.
///
/// An endpoint that failed is avoided for a while, twice as long each time, and then is as good as
/// any other; where all are avoided, the one whose time is up first is tried. Any thread may call.
final class Endpoints implements AutoCloseable {
  private static final long AVOID_NANOS_MIN = 100_000_000L;
  private static final int AVOID_DOUBLINGS_MAX = 6;

  private final Clock clock;
  private final List<Endpoint> all;
  private volatile Endpoint current;

  Endpoints(List<String> addresses, Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.all = addresses.stream().map(address -> Endpoint.open(address, clock.nanoTime())).toList();
    this.current = all.get(random.nextInt(all.size()));
  }

  int size() {
    return all.size();
  }

  /// The endpoint to send to now.
  Endpoint pick() {
    Endpoint endpoint = current;
    if (endpoint.failures > 0) {
      // The channel's own pause before it connects again grows to minutes.
      endpoint.channel().resetConnectBackoff();
    }
    return endpoint;
  }

  /// An attempt at this endpoint failed by its fault.
  ///
  /// @param silent nothing came back at all, so that its connection is not to be trusted
  void failed(Endpoint endpoint, boolean silent) {
    synchronized (this) {
      long now = clock.nanoTime();
      if (!isAvoided(endpoint, now)) {
        int doublings = Math.min(endpoint.failures, AVOID_DOUBLINGS_MAX);
        endpoint.failures++;
        endpoint.avoidUntilNanos = now + (AVOID_NANOS_MIN << doublings);
      }
      if (current == endpoint) {
        current = best(all.indexOf(endpoint), now);
      }
    }
    if (silent) {
      // What is under way on the connection may still finish; the next request opens another.
      endpoint.channel().enterIdle();
    }
  }

  /// The endpoint answered.
  void worked(Endpoint endpoint) {
    if (endpoint.failures > 0) {
      synchronized (this) {
        endpoint.failures = 0;
        endpoint.avoidUntilNanos = clock.nanoTime();
      }
    }
  }

  private Endpoint best(int failed, long now) {
    Endpoint best = all.get((failed + 1) % all.size());
    for (int i = 1; i <= all.size(); i++) {
      Endpoint candidate = all.get((failed + i) % all.size());
      if (!isAvoided(candidate, now)) {
        return candidate;
      }
      if (candidate.avoidUntilNanos - best.avoidUntilNanos < 0) {
        best = candidate;
      }
    }
    return best;
  }

  private static boolean isAvoided(Endpoint endpoint, long now) {
    return endpoint.avoidUntilNanos - now > 0;
  }

  @Override
  public void close() {
    all.forEach(endpoint -> endpoint.channel().shutdownNow());
  }
}
