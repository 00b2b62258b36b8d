package io.tidemark.client;

import static io.tidemark.client.Clients.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.client.FakeNode.Fault;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsistencyTest {
  private final FakeCluster cluster = new FakeCluster(2);
  private final FakeNode first = cluster.node(0);
  private final FakeNode second = cluster.node(1);
  private final TidemarkClient client = Clients.of(cluster);

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void aLocalReadMayLag() {
    client.put(key("k"), key("old"));
    first.freeze();
    try (var other = Clients.impatient(java.util.List.of(second.endpoint())).build()) {
      other.put(key("k"), key("new"));
    }
    assertThat(value(client.get(key("k"), Consistency.local()))).contains(key("old"));
    assertThat(value(client.get(key("k")))).contains(key("new"));
  }

  @Test
  void readYourWritesSeesThisClientsWriteWhicheverServerAnswers() {
    client.put(key("k"), key("old"));
    second.freeze();
    client.put(key("k"), key("new"));
    first.next(Fault.hang());
    assertThat(value(client.get(key("k"), Consistency.readYourWrites()))).contains(key("new"));
    assertThat(second.callsOf("Get")).as("the lagging one was asked").isEqualTo(1);
  }

  @Test
  void readYourWritesNeverGoesBackBehindWhatWasReadBefore() {
    client.put(key("k"), key("old"));
    second.freeze();
    try (var other = Clients.impatient(java.util.List.of(first.endpoint())).build()) {
      other.put(key("k"), key("new"));
    }
    assertThat(value(client.get(key("k"), Consistency.readYourWrites())))
        .as("read at the first server, by no write of this client's")
        .contains(key("new"));
    first.next(Fault.hang());
    assertThat(value(client.get(key("k"), Consistency.readYourWrites()))).contains(key("new"));
  }

  @Test
  void aRevisionCarriesFromOneClientToAnother() {
    client.put(key("k"), key("old"));
    second.freeze();
    client.put(key("k"), key("new"));
    try (var other =
        Clients.impatient(java.util.List.of(second.endpoint(), first.endpoint())).build()) {
      assertThat(value(other.get(key("k"), Consistency.local()))).contains(key("old"));
      assertThat(value(other.get(key("k"), Consistency.atLeast(client.revisionSeen()))))
          .contains(key("new"));
    }
  }

  @Test
  void localReadsAreAnsweredWhileTheLogIsAway() {
    client.put(key("k"), key("v"));
    first.logAway(true);
    second.logAway(true);
    assertThat(value(client.get(key("k"), Consistency.local()))).contains(key("v"));
    assertThat(value(client.get(key("k"), Consistency.readYourWrites()))).contains(key("v"));
  }

  private static Optional<Bytes> value(GetResult result) {
    return result.pair().map(KeyValue::value);
  }
}
