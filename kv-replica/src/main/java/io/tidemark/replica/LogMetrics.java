package io.tidemark.replica;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.log.Log;
import io.tidemark.log.LogCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/// The metrics of a log whose provider charges for requests; of any other there are none. Their
/// names are stable, and this is the list.
///
/// | name (after `log.`) | type | what it is |
/// |---|---|---|
/// | `requests` | counter | requests sent to the provider |
/// | `requests.missed` | counter | of those, to create what was there, or read what was not |
/// | `requests.failed` | counter | of those, answered with an error or not at all |
/// | `requests.throttled` | counter | of the failed, answered with a wish for fewer |
/// | `bytes.sent` | counter | bytes of the objects in these requests |
/// | `bytes.received` | counter | bytes of the objects in their answers |
/// | `dollars` | gauge | what these requests cost, at the prices that were set |
/// | `records.appended` | counter | records put into the log by this process |
/// | `budget.dollars_per_hour` | gauge | the budget, if there is one |
///
/// Those from `requests` to `dollars` have two labels: `kind`, what a request is billed as (`put`,
/// `get`, `list`, `delete`), and `purpose`, what it is for (`append`, `tail`, `follow`, `upkeep`;
/// see [LogCost.Purpose]).
public final class LogMetrics {
  private static final String PREFIX = "log.";

  private final MetricRegistry registry;
  private final Log log;
  private final List<String> names = new ArrayList<>();

  private LogMetrics(MetricRegistry registry, Log log) {
    this.registry = registry;
    this.log = log;
  }

  /// Registers them; the figures are those of the moment in which they are asked for. Fails with an
  /// [IllegalArgumentException] if the registry has those of a log already.
  public static LogMetrics register(MetricRegistry registry, Log log) {
    var metrics = new LogMetrics(registry, log);
    log.cost().ifPresent(metrics::registerAll);
    return metrics;
  }

  private void registerAll(LogCost cost) {
    for (int i = 0; i < cost.lines().size(); i++) {
      registerLine(i, cost.lines().get(i));
    }
    counter("records.appended", () -> now().recordsAppended());
    cost.budgetDollarsPerHour()
        .ifPresent(budget -> add("budget.dollars_per_hour", (Gauge<Double>) () -> budget));
  }

  // The lines of a log are always the same ones.
  private void registerLine(int index, LogCost.Line line) {
    String labels =
        "{kind=\"" + lower(line.kind()) + "\",purpose=\"" + lower(line.purpose()) + "\"}";
    count("requests" + labels, index, LogCost.Count::requests);
    count("requests.missed" + labels, index, LogCost.Count::missed);
    count("requests.failed" + labels, index, LogCost.Count::failed);
    count("requests.throttled" + labels, index, LogCost.Count::throttled);
    count("bytes.sent" + labels, index, LogCost.Count::bytesSent);
    count("bytes.received" + labels, index, LogCost.Count::bytesReceived);
    add("dollars" + labels, (Gauge<Double>) () -> now().lines().get(index).dollars());
  }

  private void count(String name, int line, ToLongFunction<LogCost.Count> figure) {
    counter(name, () -> figure.applyAsLong(now().lines().get(line).count()));
  }

  private void counter(String name, LongSupplier figure) {
    add(
        name,
        new Counter() {
          @Override
          public long getCount() {
            return figure.getAsLong();
          }
        });
  }

  private void add(String name, Metric metric) {
    registry.register(PREFIX + name, metric);
    names.add(PREFIX + name);
  }

  private LogCost now() {
    return log.cost().orElseThrow();
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /// Takes everything out of the registry.
  public void unregister() {
    names.forEach(registry::remove);
  }
}
