package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.client.Consistency;
import io.tidemark.client.KeyRange;
import io.tidemark.client.KeyValue;
import io.tidemark.client.ScanRequest;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkException;
import io.tidemark.client.UnavailableException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three replicas on one journal service, and what an operator may do to them.
class ReplicasTest {
  /// `-Dtidemark.pairs=10000` is the size of the acceptance run.
  private static final int PAIRS = Integer.getInteger("tidemark.pairs", 1_000);

  @TempDir Path directory;

  @Test
  void aWriteThroughAnyReplicaIsSeenByTheNextReadOnEveryOther() {
    try (var cluster = Cluster.start(directory, 3);
        var clients = new Clients(cluster)) {
      for (int i = 0; i < PAIRS; i++) {
        var writer = clients.of(i % 3);
        var reader = clients.of((i + 1 + i / 3 % 2) % 3);
        Bytes value = Bytes.utf8("v" + i);
        writer.put(Bytes.utf8("key"), value);

        assertThat(reader.get(Bytes.utf8("key")).pair().map(KeyValue::value)).contains(value);
      }
    }
  }

  @Test
  void aReplicaWhoseDirectoryWasDeletedRebuildsItselfFromTheLog() throws Exception {
    try (var cluster = Cluster.start(directory, 2);
        var clients = new Clients(cluster)) {
      for (int i = 0; i < 500; i++) {
        clients.of(i % 2).put(Bytes.utf8("k" + i % 300), Bytes.utf8("v" + i));
      }
      clients.of(0).delete(Bytes.utf8("k7"));
      List<KeyValue> before = everything(clients.of(1));

      var member = cluster.replica(1);
      member.kill();
      deleteAll(member.data());
      member.start();
      member.awaitReady();

      assertThat(everything(clients.of(1))).isEqualTo(before).hasSize(299);
    }
  }

  @Test
  void withoutTheLogStrongRequestsFailClearlyLocalReadsAnswerAndAllRecoversByItself()
      throws Exception {
    try (var cluster = Cluster.start(directory, 2);
        var clients = new Clients(cluster)) {
      var client = clients.of(0);
      var replica = cluster.replica(0);
      client.put(Bytes.utf8("key"), Bytes.utf8("before"));
      assertThat(status(replica, "/readyz")).isEqualTo(200);

      cluster.log().kill();

      assertThatThrownBy(() -> client.get(Bytes.utf8("key")))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("log");
      assertThatThrownBy(() -> client.put(Bytes.utf8("key"), Bytes.utf8("never")))
          .isInstanceOf(TidemarkException.class);
      assertThat(client.get(Bytes.utf8("key"), Consistency.local()).pair().map(KeyValue::value))
          .contains(Bytes.utf8("before"));
      Await.until("/readyz is red", () -> status(replica, "/readyz") == 503);
      assertThat(status(replica, "/livez")).isEqualTo(200);

      cluster.log().start();
      cluster.log().awaitReady();

      Await.until("/readyz is green", () -> status(replica, "/readyz") == 200);
      client.put(Bytes.utf8("key"), Bytes.utf8("after"));
      assertThat(clients.of(1).get(Bytes.utf8("key")).pair().map(KeyValue::value))
          .contains(Bytes.utf8("after"));
      assertThat(replica.program().isAlive()).isTrue();
    }
  }

  @Test
  void aFrozenLogFailsStrongRequestsWithinTheirDeadlineToo() {
    try (var cluster = Cluster.start(directory, 1);
        var clients = new Clients(cluster)) {
      var client = clients.of(0);
      client.put(Bytes.utf8("key"), Bytes.utf8("before"));

      cluster.log().program().freeze();
      try {
        assertThatThrownBy(() -> client.get(Bytes.utf8("key")))
            .isInstanceOf(TidemarkException.class);
        assertThat(client.get(Bytes.utf8("key"), Consistency.local()).pair()).isPresent();
      } finally {
        cluster.log().program().thaw();
      }

      Await.until(
          "strong reads answer again",
          () -> {
            try {
              return client.get(Bytes.utf8("key")).pair().isPresent();
            } catch (TidemarkException e) {
              return false;
            }
          });
    }
  }

  private static List<KeyValue> everything(TidemarkClient client) {
    var all = new ArrayList<KeyValue>();
    try (var scan = client.scan(ScanRequest.of(KeyRange.prefix(Bytes.EMPTY)))) {
      scan.forEachRemaining(all::add);
    }
    return all;
  }

  private static int status(Cluster.Member member, String path) {
    var uri = URI.create("http://127.0.0.1:" + member.adminPort + path);
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void deleteAll(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// One client for each replica, which knows no other.
  private static final class Clients implements AutoCloseable {
    private final List<TidemarkClient> clients = new ArrayList<>();

    private Clients(Cluster cluster) {
      for (String endpoint : cluster.endpoints()) {
        clients.add(TidemarkClient.builder().endpoints(endpoint).build());
      }
    }

    TidemarkClient of(int replica) {
      return clients.get(replica);
    }

    @Override
    public void close() {
      clients.forEach(TidemarkClient::close);
    }
  }
}
