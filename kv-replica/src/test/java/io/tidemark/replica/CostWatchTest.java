package io.tidemark.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.log.LogCost;
import io.tidemark.log.LogCost.Kind;
import io.tidemark.log.LogCost.Purpose;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostWatchTest {
  @TempDir private Path directory = Path.of("");

  private final ManualTime time = new ManualTime();
  private long writes = 1_000;
  private long reads;
  private double writeDollars = 5;
  private double readDollars;
  private double upkeepDollars = 100;

  private final CostWatch watch =
      new CostWatch(() -> Optional.of(cost()), () -> reads, new Uptime(time));

  private LogCost cost() {
    return new LogCost(
        List.of(
            line(Purpose.APPEND, Kind.PUT, writeDollars),
            line(Purpose.TAIL, Kind.GET, readDollars),
            line(Purpose.UPKEEP, Kind.LIST, upkeepDollars)),
        writes,
        OptionalDouble.of(3));
  }

  private static LogCost.Line line(Purpose purpose, Kind kind, double dollars) {
    return new LogCost.Line(purpose, kind, new LogCost.Count(1, 2, 3, 4, 5, 6), dollars);
  }

  private void spend(long moreWrites, double dollars) {
    writes += moreWrites;
    writeDollars += dollars;
    time.pass(Duration.ofSeconds(1));
  }

  private ReplicaCost now() {
    return watch.now().orElseThrow();
  }

  @Test
  void whatTheReplicaFoundAtItsStartIsNotItsOwn() {
    spend(4, 2);
    reads += 8;
    readDollars += 0.5;
    upkeepDollars += 1;

    assertThat(now().sinceStart())
        .isEqualTo(new Spending(Duration.ofSeconds(1), 3.5, 4, 2, 8, 0.5));
    assertThat(now().sinceStart().dollarsPerMillionWrites()).hasValue(500_000);
    assertThat(now().sinceStart().dollarsPerMillionStrongReads()).hasValue(62_500);
    assertThat(now().log()).isEqualTo(cost());
  }

  @Test
  void whereThereWasNothingThereIsNoPrice() {
    assertThat(now().sinceStart().dollarsPerMillionWrites()).isEmpty();
    assertThat(now().sinceStart().dollarsPerMillionStrongReads()).isEmpty();
  }

  @Test
  void latelyIsSinceTheLastTimeSomebodyAsked() {
    spend(100, 1_000);
    assertThat(now().lately().writes()).as("since the start").isEqualTo(100);
    time.pass(Duration.ofMinutes(10));
    assertThat(now().lately().writes()).as("nobody asked since").isEqualTo(100);
    time.pass(Duration.ofMinutes(10));
    spend(5, 1);
    assertThat(now().lately()).isEqualTo(new Spending(Duration.ofSeconds(601), 1, 5, 1, 0, 0));
    assertThat(now().sinceStart().writes()).isEqualTo(105);
  }

  @Test
  void latelyIsAtLeastAMinuteAndLittleMoreForThoseWhoAskOften() {
    for (int second = 1; second <= 600; second++) {
      spend(1, 0.25);
      Spending lately = now().lately();
      assertThat(lately.time())
          .isBetween(
              Duration.ofSeconds(Math.min(second, 60)), Duration.ofSeconds(Math.min(second, 70)));
      assertThat(lately.writes()).isEqualTo(lately.time().toSeconds());
      assertThat(lately.dollars()).isCloseTo(lately.writes() * 0.25, within(1e-9));
    }
  }

  @Test
  void aLogThatCostsNothingHasNoCost() {
    assertThat(new CostWatch(Optional::empty, () -> 0, new Uptime(time)).now()).isEmpty();
    var registry = new MetricRegistry();
    LogMetrics.register(registry, new ScriptedLog());
    assertThat(registry.getNames()).isEmpty();
  }

  @Test
  void whatALogCostsIsAmongTheMetricsOfItsReplicaForAsLongAsThatIsOpen() {
    var registry = new MetricRegistry();
    var log = new ScriptedLog().costs(this::cost);
    try (var replica = Replica.open(TestParts.config(directory, log, time).withMetrics(registry))) {
      spend(4, 2);

      assertThat(replica.status().cost().orElseThrow().sinceStart().writes()).isEqualTo(4);
      String put = "{kind=\"put\",purpose=\"append\"}";
      assertThat(counter(registry, "log.requests" + put)).isEqualTo(1);
      assertThat(counter(registry, "log.requests.missed" + put)).isEqualTo(2);
      assertThat(counter(registry, "log.requests.failed" + put)).isEqualTo(3);
      assertThat(counter(registry, "log.requests.throttled" + put)).isEqualTo(4);
      assertThat(counter(registry, "log.bytes.sent" + put)).isEqualTo(5);
      assertThat(counter(registry, "log.bytes.received" + put)).isEqualTo(6);
      assertThat(counter(registry, "log.records.appended")).isEqualTo(1_004);
      assertThat(gauge(registry, "log.dollars" + put)).isEqualTo(7.0);
      assertThat(gauge(registry, "log.budget.dollars_per_hour")).isEqualTo(3.0);
      assertThat(gauge(registry, "replica.dollars_per_million_writes{since=\"start\"}"))
          .isEqualTo(500_000.0);
      assertThat(gauge(registry, "replica.dollars_per_million_strong_reads{since=\"lately\"}"))
          .isEqualTo(Double.NaN);
    }
    assertThat(registry.getNames()).isEmpty();
  }

  private static long counter(MetricRegistry registry, String name) {
    return ((Counter) Objects.requireNonNull(registry.getMetrics().get(name), name)).getCount();
  }

  private static Object gauge(MetricRegistry registry, String name) {
    return ((Gauge<?>) Objects.requireNonNull(registry.getMetrics().get(name), name)).getValue();
  }
}
