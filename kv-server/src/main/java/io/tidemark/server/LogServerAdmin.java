package io.tidemark.server;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.base.Clock;
import io.tidemark.log.Log;
import io.tidemark.log.Tail;
import io.tidemark.replica.LogMetrics;
import io.tidemark.server.admin.AdminServer;
import io.tidemark.server.admin.Check;
import io.tidemark.server.admin.Checks;
import io.tidemark.server.admin.TailProbe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The admin port of a log server: live while the process works, started and ready when the log
/// tells its tail in time.
public final class LogServerAdmin {
  private LogServerAdmin() {}

  /// Listens and serves.
  ///
  /// @param address where; port 0 takes any that is free
  /// @param log stays its giver's to close
  /// @param tailTimeout how long the log may take
  /// @throws StartException if it cannot listen there
  public static AdminServer open(
      InetSocketAddress address, Log log, Duration tailTimeout, MetricRegistry metrics)
      throws StartException {
    TidemarkServer.registerProcessMetrics(metrics);
    var _ = LogMetrics.register(metrics, log);
    var tail = new TailProbe(() -> log.checkTail().thenApply(Tail::position), Clock.SYSTEM);
    var answers = new Check("log", () -> answers(tail, tailTimeout));
    var process = Check.now("process", Check.Outcome.Passed::new);
    try {
      return AdminServer.open(
          address,
          List.of(
              new Checks("livez", List.of(process)),
              new Checks("readyz", List.of(process, answers)),
              new Checks("startupz", List.of(process, answers))),
          metrics);
    } catch (IOException busy) {
      throw Ports.inUse(address, "admin", busy);
    }
  }

  private static CompletableFuture<Check.Outcome> answers(TailProbe tail, Duration timeout) {
    return tail.ask()
        .copy()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle((_, failure) ->
            Check.Outcome.of(
                failure == null, "no tail within " + timeout.toMillis() + " ms: " + failure));
  }
}
