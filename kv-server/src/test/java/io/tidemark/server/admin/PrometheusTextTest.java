package io.tidemark.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.replica.BucketHistogram;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  private final MetricRegistry registry = new MetricRegistry();

  @Test
  void countersGaugesAndHistogramsReadAsWritten() {
    registry.counter("rpc.calls{method=\"Get\",code=\"OK\"}").inc(7);
    registry.counter("rpc.calls{method=\"Put\",code=\"OK\"}").inc(2);
    registry.register("replica.applied", (Gauge<Long>) () -> 1L << 60);
    var sizes = registry.register("replica.append.records", BucketHistogram.ofSizes());
    sizes.record(1);
    sizes.record(3);

    assertThat(PrometheusText.write(registry))
        .startsWith(
            """
            # HELP tidemark_replica_append_records Records of one batch
            # TYPE tidemark_replica_append_records histogram
            tidemark_replica_append_records_bucket{le="1"} 1
            tidemark_replica_append_records_bucket{le="2"} 1
            tidemark_replica_append_records_bucket{le="4"} 2
            """)
        .endsWith(
            """
            tidemark_replica_append_records_bucket{le="+Inf"} 2
            tidemark_replica_append_records_sum 4.0
            tidemark_replica_append_records_count 2
            # HELP tidemark_replica_applied The applied position
            # TYPE tidemark_replica_applied gauge
            tidemark_replica_applied 1152921504606846976
            # HELP tidemark_rpc_calls_total Calls that ended, by method and status code
            # TYPE tidemark_rpc_calls_total counter
            tidemark_rpc_calls_total{method="Get",code="OK"} 7
            tidemark_rpc_calls_total{method="Put",code="OK"} 2
            """);
  }

  @Test
  void latenciesAreHistogramsInSecondsWithBoundsInPlainDecimal() {
    var latency = registry.register("rpc.latency{method=\"Get\"}", BucketHistogram.ofLatencies());
    latency.recordNanos(TimeUnit.MICROSECONDS.toNanos(200));

    Map<String, Double> samples = samples("tidemark_rpc_latency_seconds");

    String bucket = "tidemark_rpc_latency_seconds_bucket{method=\"Get\",le=";
    assertThat(samples)
        .containsEntry(bucket + "\"0.000128\"}", 0.0)
        .containsEntry(bucket + "\"0.000256\"}", 1.0)
        .containsEntry(bucket + "\"33.554432\"}", 1.0)
        .containsEntry("tidemark_rpc_latency_seconds_count{method=\"Get\"}", 1.0);
  }

  @Test
  void everyKindOfMetricPassesAStrictReader() {
    registry.meter("odd name/with-signs").mark(3);
    registry.timer("a.timer").update(5, TimeUnit.MILLISECONDS);
    registry.histogram("a.histogram").update(9);
    registry.register("truth", (Gauge<Boolean>) () -> true);
    registry.register("ratio", (Gauge<Double>) () -> Double.NaN);
    registry.register("endless", (Gauge<Double>) () -> Double.POSITIVE_INFINITY);
    registry.register("words", (Gauge<String>) () -> "left out");

    Map<String, PrometheusParser.Family> families =
        PrometheusParser.parse(PrometheusText.write(registry));

    assertThat(families.keySet())
        .containsExactly(
            "tidemark_a_histogram",
            "tidemark_a_timer_seconds",
            "tidemark_endless",
            "tidemark_odd_name_with_signs_total",
            "tidemark_ratio",
            "tidemark_truth");
    assertThat(samples("tidemark_a_timer_seconds"))
        .containsEntry("tidemark_a_timer_seconds{quantile=\"0.99\"}", 0.005);
    assertThat(samples("tidemark_truth")).containsEntry("tidemark_truth", 1.0);
  }

  @Test
  void theStrictReaderRefusesWhatIsWrong() {
    for (String wrong :
        new String[] {
          "a 1\n",
          "# HELP a x\n# TYPE a gauge\na 1",
          "# HELP a x\n# TYPE a gauge\na 1\na 2\n",
          "# HELP a x\n# TYPE a counter\na 1\n",
          "# HELP a x\n# TYPE a gauge\na{b=c} 1\n",
          "# HELP a x\n# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_sum 1\na_count 1\n",
          "# HELP a x\n# TYPE a gauge\n9a 1\n"
        }) {
      assertThatThrownBy(() -> PrometheusParser.parse(wrong))
          .as(wrong)
          .isInstanceOf(AssertionError.class);
    }
  }

  private Map<String, Double> samples(String family) {
    return Objects.requireNonNull(
            PrometheusParser.parse(PrometheusText.write(registry)).get(family), family)
        .samples();
  }
}
