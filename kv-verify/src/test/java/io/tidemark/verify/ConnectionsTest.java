package io.tidemark.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.client.FakeCluster;
import io.tidemark.client.UnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ConnectionsTest {
  private static final Bytes KEY = Bytes.utf8("k");

  @Test
  void aRequestThatFailsWasSentOnceAndNowhereElse() {
    try (var cluster = new FakeCluster(2);
        var connections = new Connections()) {
      var client = connections.open(cluster.node(0).endpoint(), Duration.ofSeconds(20), 1);
      client.put(KEY, Bytes.utf8("v"));
      cluster.node(0).logAway(true);

      assertThatThrownBy(() -> client.put(KEY, KEY)).isInstanceOf(UnavailableException.class);
      assertThatThrownBy(() -> client.get(KEY)).isInstanceOf(UnavailableException.class);

      assertThat(cluster.node(0).callsOf("Put")).isEqualTo(2);
      assertThat(cluster.node(0).callsOf("Get")).isEqualTo(1);
      assertThat(cluster.node(1).callsOf("Put") + cluster.node(1).callsOf("Get")).isZero();
    }
  }
}
