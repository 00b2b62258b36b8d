package io.tidemark.verify;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.client.Seams;
import io.tidemark.client.TidemarkClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The connections of a load: each is to one endpoint, and sends every request once.
final class Connections implements AutoCloseable {
  private final Timers timers = Timers.onThread("verify-timers");
  private final List<TidemarkClient> clients = new ArrayList<>();

  /// A connection that sends each request once and waits so long for the answer.
  synchronized TidemarkClient open(String endpoint, Duration patience, long seed) {
    var client =
        TidemarkClient.builder()
            .endpoints(endpoint)
            .deadline(patience)
            .attemptTimeout(patience)
            // Beyond the deadline, so that there is no second attempt.
            .pauses(patience.multipliedBy(4), patience.multipliedBy(4))
            .seams(new Seams(Clock.SYSTEM, timers, new Random(seed)))
            .build();
    clients.add(client);
    return client;
  }

  @Override
  public synchronized void close() {
    clients.forEach(TidemarkClient::close);
    timers.close();
  }
}
