package io.tidemark.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tidemark.api.v1.Condition;
import io.tidemark.api.v1.Consistency;
import io.tidemark.api.v1.DeleteRangeRequest;
import io.tidemark.api.v1.DeleteRequest;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.GetServerInfoRequest;
import io.tidemark.api.v1.KeyRange;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.api.v1.Local;
import io.tidemark.api.v1.OpenSessionRequest;
import io.tidemark.api.v1.Operation;
import io.tidemark.api.v1.PutOperation;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.api.v1.RequestId;
import io.tidemark.api.v1.ScanRequest;
import io.tidemark.api.v1.TransactRequest;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.replica.ReplicaConfig;
import io.tidemark.server.admin.PrometheusParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole server on the loopback interface: a real replica on a log in memory that can go away.
@Timeout(90)
class TidemarkServerTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path directory;

  private final FlakyLog log = new FlakyLog(MemoryLog.create());
  private final HttpClient http = HttpClient.newHttpClient();
  private TidemarkServer server;
  private ManagedChannel channel;
  private KeyValueGrpc.KeyValueBlockingStub client;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  TidemarkServerTest() {}

  @BeforeEach
  void open() throws StartException {
    server = TidemarkServer.open(config(directory, ANY));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
    client = KeyValueGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.close();
    log.close();
  }

  @Test
  void everyMethodWorksOnARealReplica() {
    long session = client.openSession(OpenSessionRequest.getDefaultInstance()).getSession();
    var put =
        PutRequest.newBuilder()
            .setKey(bytes("tide"))
            .setValue(bytes("high"))
            .setRequestId(RequestId.newBuilder().setSession(session).setSequence(1))
            .build();
    long revision = client.put(put).getRevision();
    assertThat(client.put(put).getRevision()).as("sent again").isEqualTo(revision);

    var pair = client.get(get("tide")).getPair();
    assertThat(pair.getValue()).isEqualTo(bytes("high"));
    assertThat(pair.getVersion()).isEqualTo(1);
    assertThat(pair.getModifyRevision()).isEqualTo(revision);

    var transaction =
        TransactRequest.newBuilder()
            .addConditions(Condition.newBuilder().setKey(bytes("ebb")).setExists(false))
            .addThen(
                Operation.newBuilder()
                    .setPut(PutOperation.newBuilder().setKey(bytes("ebb")).setValue(bytes("1"))))
            .build();
    assertThat(client.transact(transaction).getSucceeded()).isTrue();
    assertThat(client.transact(transaction).getSucceeded()).isFalse();
    var keys = new ArrayList<String>();
    client
        .scan(ScanRequest.newBuilder().setRange(everything()).build())
        .forEachRemaining(
            part -> part.getPairsList().forEach(found -> keys.add(found.getKey().toStringUtf8())));
    assertThat(keys).containsExactly("ebb", "tide");
    assertThat(client.delete(DeleteRequest.newBuilder().setKey(bytes("ebb")).build()).getDeleted())
        .isTrue();
    assertThat(
            client
                .deleteRange(DeleteRangeRequest.newBuilder().setRange(everything()).build())
                .getDeletedCount())
        .isEqualTo(1);
    assertThat(client.get(get("tide")).hasPair()).isFalse();
    var info = client.getServerInfo(GetServerInfoRequest.getDefaultInstance());
    assertThat(info.getLog().getTail()).isEqualTo(info.getRevision() + 1);
    assertThat(info.getVersion()).isEqualTo(Version.CURRENT).doesNotContain("$");
  }

  @Test
  void anUnknownSessionIsTold() {
    var put =
        PutRequest.newBuilder()
            .setKey(bytes("k"))
            .setRequestId(RequestId.newBuilder().setSession(999).setSequence(1))
            .build();

    assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> client.put(put)))
        .hasMessageContaining("session 999 is not known");
  }

  @Test
  void withTheLogGoneItIsLiveButNotReadyAndAllIsWellAgainByItself() throws Exception {
    await("ready", () -> status("/readyz") == 200);
    assertThat(status("/livez")).isEqualTo(200);
    await("started", () -> status("/startupz") == 200);
    client.put(PutRequest.newBuilder().setKey(bytes("k")).setValue(bytes("v")).build());

    log.goAway();

    await("not ready", () -> status("/readyz") == 503);
    assertThat(text("/readyz"))
        .contains("[+]replica ok")
        .contains("[-]log failed:")
        .contains("the log is away")
        .endsWith("readyz check failed\n");
    assertThat(status("/readyz?exclude=log")).isEqualTo(200);
    assertThat(status("/livez")).isEqualTo(200);
    assertThat(status("/startupz")).isEqualTo(200);
    var strong = catchThrowableOfType(StatusRuntimeException.class, () -> client.get(get("k")));
    assertThat(Objects.requireNonNull(strong).getStatus().getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(
            client
                .get(
                    get("k").toBuilder()
                        .setConsistency(
                            Consistency.newBuilder().setLocal(Local.getDefaultInstance()))
                        .build())
                .getPair()
                .getValue())
        .isEqualTo(bytes("v"));

    log.comeBack();

    await("ready again", () -> status("/readyz") == 200);
    assertThat(client.get(get("k")).hasPair()).isTrue();
  }

  @Test
  void checksAreListedExcludedAndAskedOneByOne() throws Exception {
    await("ready", () -> status("/readyz") == 200);

    assertThat(text("/readyz")).isEqualTo("ok\n");
    assertThat(text("/readyz?verbose"))
        .isEqualTo(
            """
            [+]replica ok
            [+]log ok
            [+]caught-up ok
            [+]lag ok
            [+]serving ok
            readyz check passed
            """);
    assertThat(text("/readyz?verbose&exclude=log&exclude=none"))
        .doesNotContain("]log ok")
        .contains("[+]log excluded\n", "no check none\n");
    assertThat(text("/livez/replica")).isEqualTo("[+]replica ok\n");
    assertThat(status("/livez/none")).isEqualTo(404);
    assertThat(status("/elsewhere")).isEqualTo(404);
    assertThat(
            http.send(
                    request("/livez").POST(HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void metricsPassAStrictReaderAndEachOfOursHasAHelp() throws Exception {
    client.put(PutRequest.newBuilder().setKey(bytes("k")).build());
    client.get(get("k"));
    await("the call is counted", () -> calls("Put") == 1);

    var families = PrometheusParser.parse(text("/metrics"));

    assertThat(families)
        .containsKeys(
            "tidemark_replica_write_latency_seconds",
            "tidemark_rpc_latency_seconds",
            "tidemark_rpc_calls_total",
            "tidemark_jvm_memory_heap_used",
            "tidemark_build");
    assertThat(
            Objects.requireNonNull(families.get("tidemark_replica_write_latency_seconds"))
                .samples()
                .get("tidemark_replica_write_latency_seconds_count"))
        .isEqualTo(1.0);
    families.forEach((name, family) -> {
      if (name.matches("tidemark_(replica|rpc|scans)_.*")) {
        assertThat(family.help()).as(name).contains(" ");
      }
    });
  }

  @Test
  void aPortInUseAndALockedDirectoryAreToldInOneLine(@TempDir Path other) {
    var taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.grpcPort());

    assertThatThrownBy(() -> TidemarkServer.open(config(other, taken)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(":" + server.grpcPort() + " (gRPC): Address already in use");
    assertThatThrownBy(() -> TidemarkServer.open(config(directory, ANY)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("in use");
  }

  @Test
  void closingLetsCallsUnderWayEndAndTwiceIsOnce() throws Exception {
    var future =
        KeyValueGrpc.newFutureStub(channel)
            .put(PutRequest.newBuilder().setKey(bytes("k")).setValue(bytes("v")).build());
    future.get(20, TimeUnit.SECONDS);

    server.close();
    server.close();

    assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> client.get(get("k"))))
        .isNotNull();
    assertThatThrownBy(() -> text("/livez")).isInstanceOf(IOException.class);
  }

  private ServerConfig config(Path data, InetSocketAddress grpc) {
    return ServerConfig.of(ReplicaConfig.of(data, log), "memory:", grpc, Optional.of(ANY))
        .withReadiness(Duration.ofSeconds(2), Duration.ofSeconds(10));
  }

  private double calls(String method) {
    try {
      return Objects.requireNonNull(
              PrometheusParser.parse(text("/metrics")).get("tidemark_rpc_calls_total"))
          .samples()
          .getOrDefault(
              "tidemark_rpc_calls_total{method=\"kv.v1.KeyValue/" + method + "\",code=\"OK\"}",
              0.0);
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private int status(String path) {
    try {
      return http.send(request(path).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private String text(String path) throws IOException, InterruptedException {
    return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  private HttpRequest.Builder request(String path) {
    int port = server.adminPort().orElseThrow();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain until " + what).isLessThan(end);
    }
  }

  private static KeyRange everything() {
    return KeyRange.newBuilder().setPrefix(ByteString.EMPTY).build();
  }

  private static GetRequest get(String key) {
    return GetRequest.newBuilder().setKey(bytes(key)).build();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
