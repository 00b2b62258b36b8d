package io.tidemark.client;

import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// Clients as the tests want them: impatient, and beginning with the first endpoint.
final class Clients {
  private static final Timers TIMERS = Timers.onThread("test-timers");

  /// Always draws the least there is.
  private static final RandomGenerator FIRST = () -> 0;

  private Clients() {}

  static TidemarkClient.Builder impatient(List<String> endpoints) {
    return TidemarkClient.builder()
        .endpoints(endpoints)
        .deadline(Duration.ofSeconds(6))
        .attemptTimeout(Duration.ofMillis(700))
        .pauses(Duration.ofMillis(5), Duration.ofMillis(40))
        .seams(new Seams(Clock.SYSTEM, TIMERS, FIRST));
  }

  static TidemarkClient of(FakeCluster cluster) {
    return impatient(cluster.endpoints()).build();
  }

  static Bytes key(String text) {
    return Bytes.utf8(text);
  }
}
