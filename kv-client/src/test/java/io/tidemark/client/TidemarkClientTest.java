package io.tidemark.client;

import static io.tidemark.client.Clients.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.v1.LogCost;
import io.tidemark.api.v1.LogRequests;
import io.tidemark.api.v1.Spending;
import io.tidemark.base.Bytes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TidemarkClientTest {
  private final FakeCluster cluster = new FakeCluster(1);
  private final TidemarkClient client =
      TidemarkClient.builder().endpoints(cluster.endpoints()).build();

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void whatWasPutIsRead() {
    long revision = client.put(key("tide"), key("high")).revision();
    GetResult read = client.get(key("tide"));
    assertThat(read.pair()).contains(new KeyValue(key("tide"), key("high"), revision, revision, 1));
    assertThat(read.revision()).isGreaterThanOrEqualTo(revision);
    assertThat(client.revisionSeen()).isEqualTo(read.revision());
  }

  @Test
  void aKeyThatIsNotThereIsAnAnswer() {
    assertThat(client.get(key("none")).pair()).isEmpty();
    assertThat(client.delete(key("none")).deleted()).isFalse();
  }

  @Test
  void anySequenceOfBytesIsAKeyAndAValue() {
    Bytes binary = Bytes.wrap(new byte[] {0, -1, 10, 127, -128});
    client.put(binary, binary);
    assertThat(client.get(binary).pair().map(KeyValue::value)).contains(binary);
    client.put(key("empty"), Bytes.EMPTY);
    assertThat(client.get(key("empty")).pair().map(KeyValue::value)).contains(Bytes.EMPTY);
  }

  @Test
  void deletesTellWhatWasThere() {
    for (String name : List.of("a1", "a2", "b1", "b2", "b3")) {
      client.put(key(name), key("v"));
    }
    assertThat(client.delete(key("a1")).deleted()).isTrue();
    assertThat(client.deleteRange(KeyRange.prefix(key("a"))).deletedCount()).isEqualTo(1);
    assertThat(client.deleteRange(KeyRange.between(key("b1"), key("b3"))).deletedCount())
        .isEqualTo(2);
    assertThat(client.deleteRange(KeyRange.key(key("b3"))).deletedCount()).isEqualTo(1);
    assertThat(client.deleteRange(KeyRange.all()).deletedCount()).isZero();
  }

  @Test
  void aBatchIsReadInTheOrderAskedFor() {
    client.put(key("a"), key("1"));
    client.put(key("b"), key("2"));
    BatchGetResult batch =
        client.batchGet(List.of(key("b"), key("x"), key("a")), Consistency.linearizable());
    assertThat(batch.pairs()).extracting(KeyValue::key).containsExactly(key("b"), key("a"));
  }

  @Test
  void aTransactionDoesTheBranchItsConditionsChoose() {
    Transaction create =
        Transaction.when(Condition.missing(key("lock")))
            .then(Operation.put(key("lock"), key("mine")), Operation.get(key("lock")))
            .otherwise(Operation.get(key("lock")));
    TransactResult first = client.transact(create);
    assertThat(first.succeeded()).isTrue();
    assertThat(first.answers()).hasSize(2).first().isEqualTo(new Answer.Written());

    TransactResult second = client.transact(create);
    assertThat(second.succeeded()).isFalse();
    assertThat(second.answers())
        .containsExactly(
            new Answer.Found(
                Optional.of(
                    new KeyValue(
                        key("lock"), key("mine"), first.revision(), first.revision(), 1))));
  }

  @Test
  void everyConditionIsAskedAsItIsMeant() {
    long revision = client.put(key("k"), key("m")).revision();
    assertThat(holds(Condition.exists(key("k")))).isTrue();
    assertThat(holds(Condition.value(key("k"), Condition.Comparison.LESS, key("n")))).isTrue();
    assertThat(holds(Condition.value(key("k"), Condition.Comparison.GREATER, key("n")))).isFalse();
    assertThat(holds(Condition.unchangedSince(key("k"), revision))).isTrue();
    assertThat(holds(Condition.unchangedSince(key("other"), 0))).isTrue();
    assertThat(
            holds(
                Condition.number(
                    key("k"),
                    Condition.Field.CREATE_REVISION,
                    Condition.Comparison.NOT_EQUAL,
                    revision)))
        .isFalse();
    assertThat(
            holds(
                Condition.number(key("k"), Condition.Field.VERSION, Condition.Comparison.EQUAL, 1)))
        .isTrue();
  }

  private boolean holds(Condition condition) {
    return client.transact(Transaction.when(condition)).succeeded();
  }

  @Test
  void operationsAreAnsweredOneByOne() {
    client.put(key("a1"), key("v"));
    client.put(key("a2"), key("v"));
    TransactResult result =
        client.transact(
            Transaction.when()
                .and(Condition.exists(key("a1")))
                .then(
                    Operation.delete(key("a1")),
                    Operation.deleteRange(KeyRange.from(key("a"))),
                    Operation.get(key("a2"))));
    assertThat(result.answers())
        .containsExactly(
            new Answer.Deleted(1), new Answer.Deleted(1), new Answer.Found(Optional.empty()));
  }

  @Test
  void serverInfoTellsTheServersLimitsAndItsLog() {
    ServerInfo info = client.serverInfo();
    assertThat(info.endpoint()).isEqualTo(cluster.node(0).endpoint());
    assertThat(info.version()).isEqualTo("1.2.3");
    assertThat(info.limits().sessionWindow()).isEqualTo(1_024);
    assertThat(info.log().tail()).isPresent();
    assertThat(info.stoppedBecause()).isEmpty();
    assertThat(info.log().cost()).isEmpty();
    cluster.node(0).logAway(true);
    assertThat(client.serverInfo().log().unavailableBecause()).isPresent();
  }

  @Test
  void serverInfoTellsWhatTheLogCosts() {
    cluster
        .node(0)
        .costs(
            LogCost.newBuilder()
                .addRequests(
                    LogRequests.newBuilder()
                        .setKind("put")
                        .setPurpose("append")
                        .setRequests(1)
                        .setMissed(2)
                        .setFailed(3)
                        .setThrottled(4)
                        .setBytesSent(5)
                        .setBytesReceived(6)
                        .setDollars(7))
                .setSinceStart(
                    Spending.newBuilder()
                        .setSeconds(1)
                        .setDollars(2)
                        .setWrites(3)
                        .setWriteDollars(6)
                        .setStrongReads(5)
                        .setReadDollars(20))
                .setLately(Spending.newBuilder().setDollars(0.5))
                .setBudgetDollarsPerHour(9)
                .build());

    var cost = client.serverInfo().log().cost().orElseThrow();

    assertThat(cost.requests())
        .containsExactly(new ServerInfo.LogRequests("put", "append", 1, 2, 3, 4, 5, 6, 7));
    assertThat(cost.sinceStart()).isEqualTo(new ServerInfo.Spending(1, 2, 3, 6, 5, 20));
    assertThat(cost.sinceStart().dollarsPerMillionWrites()).hasValue(2e6);
    assertThat(cost.sinceStart().dollarsPerMillionStrongReads()).hasValue(4e6);
    assertThat(cost.lately().dollars()).isEqualTo(0.5);
    assertThat(cost.lately().dollarsPerMillionWrites()).isEmpty();
    assertThat(cost.budgetDollarsPerHour()).hasValue(9);
  }

  @Test
  void whatIsWrongIsSaidAtOnceAndNotRepeated() {
    assertThatThrownBy(() -> client.put(Bytes.EMPTY, key("v")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the key is empty");
    assertThat(cluster.node(0).callsOf("Put")).isEqualTo(1);
    assertThatThrownBy(() -> client.get(Bytes.EMPTY)).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void whatIsOverTheServersLimitsIsNotSent() {
    assertThatThrownBy(() -> client.put(Bytes.wrap(new byte[1_025]), key("v")))
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("1025")
        .hasMessageContaining("1024");
    assertThatThrownBy(() -> client.put(key("k"), Bytes.wrap(new byte[40 << 20])))
        .isInstanceOf(TooLargeException.class);
    assertThat(cluster.node(0).callsOf("Put")).isZero();
    client.put(key("k"), Bytes.wrap(new byte[1 << 20]));
    assertThat(client.get(key("k")).pair().orElseThrow().value().length()).isEqualTo(1 << 20);
  }

  @Test
  void badSettingsNameWhatIsMeant() {
    assertThatThrownBy(() -> TidemarkClient.builder().endpoints("localhost").build())
        .hasMessageContaining("HOST:PORT")
        .hasMessageContaining("localhost");
    assertThatThrownBy(() -> TidemarkClient.builder().endpoints("localhost:99999").build())
        .hasMessageContaining("HOST:PORT");
    assertThatThrownBy(() -> TidemarkClient.builder().endpoints(List.of()))
        .hasMessageContaining("endpoint");
    assertThatThrownBy(() -> Consistency.atLeast(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> ScanRequest.of(KeyRange.all()).withLimit(-1))
        .hasMessageContaining("-1");
  }
}
