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

  static {
    // What a process does for the first time takes longer than these clients wait.
    try (var cluster = new FakeCluster(1);
        var client = TidemarkClient.builder().endpoints(cluster.endpoints()).build()) {
      client.put(key("warm"), key("up"));
      client.get(key("warm"));
      client.transact(Transaction.when(Condition.exists(key("warm"))));
      try (Scan scan = client.scan(ScanRequest.of(KeyRange.all()))) {
        scan.forEachRemaining(pair -> {});
      }
    }
  }

  private Clients() {}

  static TidemarkClient.Builder impatient(List<String> endpoints) {
    return TidemarkClient.builder()
        .endpoints(endpoints)
        .deadline(Duration.ofSeconds(8))
        .attemptTimeout(Duration.ofSeconds(1))
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
