package io.tidemark.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.statemachine.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the port does about those who send too much, too often, or nonsense.
@Timeout(60)
class GuardsTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void garbageHurtsNobody() throws IOException {
    var random = new Random(5);
    for (int round = 0; round < 50; round++) {
      byte[] garbage = new byte[random.nextInt(10_000)];
      random.nextBytes(garbage);
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), rig.server.port())) {
        socket.setSoTimeout(10_000);
        if (round % 3 == 0) {
          socket
              .getOutputStream()
              .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } else if (round % 3 == 1) {
          socket
              .getOutputStream()
              .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        socket.getOutputStream().write(garbage);
        socket.getOutputStream().flush();
      } catch (IOException closedOnUs) {
        assertThat(closedOnUs).hasMessageMatching("(?i).*(reset|broken pipe|abort).*");
      }
    }

    assertThat(rig.client().get(get()).getRevision()).isEqualTo(11);
  }

  @Test
  void aTransportThatNeverBecameReadyEndsQuietly() {
    var connections = new Connections(1, new MetricRegistry());

    assertThatCode(() -> connections.transportTerminated(null)).doesNotThrowAnyException();
  }

  @Test
  void aRequestBeyondItsLimitIsRefusedWithTheReasonBeforeAllOfItIsHeld() {
    var request = put(40 << 20);

    var error = ErrorsTest.error(() -> rig.client().put(request));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(Rig.info(error).getReason()).isEqualTo("TOO_LARGE");
    assertThat(error.getStatus().getDescription()).contains("the limit is 1098576 bytes");
    assertThat(rig.replica.commands).isEmpty();
    Rig.await("its bytes are given back", () -> gauge("rpc.request.bytes.in_flight") == 0);
  }

  @Test
  void requestsBeyondWhatMayBeInFlightAreOverloadedUntilOthersAreAnswered() throws Exception {
    var answer = new CompletableFuture<Result>();
    rig.replica.result = answer;
    var client = KeyValueGrpc.newFutureStub(rig.channel());
    var admitted = new ArrayList<Future<?>>();
    // 4 MiB may be in flight: 104 requests of 40 kB are, whose answers do not come.
    for (int i = 0; i < 104; i++) {
      admitted.add(client.put(put(40_000)));
    }
    Rig.await("they are in flight", () -> rig.replica.commands.size() == 104);

    var error = ErrorsTest.error(() -> rig.client().put(put(40_000)));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(Rig.info(error).getReason()).isEqualTo("OVERLOADED");
    assertThat(Rig.info(error).getMetadataMap()).containsEntry("retry", "safe");
    assertThat(rig.client().get(get()).getRevision()).as("small ones go on").isEqualTo(11);
    answer.complete(new Result.Written(5));
    for (Future<?> put : admitted) {
      put.get(10, TimeUnit.SECONDS);
    }
    Rig.await("all bytes are given back", () -> gauge("rpc.request.bytes.in_flight") == 0);
    rig.client().put(put(40_000));
  }

  @Test
  void connectionsBeyondTheirBoundAreOverloadedUntilOthersHaveGone() {
    var first = rig.channel();
    List.of(first, rig.channel(), rig.channel()).forEach(GuardsTest::call);
    var fourth = rig.channel();

    var error = ErrorsTest.error(() -> call(fourth));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(Rig.info(error).getReason()).isEqualTo("OVERLOADED");
    assertThat(error.getStatus().getDescription()).contains("more than 3 connections are open");
    first.shutdownNow();
    Rig.await("the first has gone", () -> gauge("rpc.connections") == 3);
    Rig.await(
        "the fourth is let in",
        () -> {
          try {
            call(fourth);
            return true;
          } catch (StatusRuntimeException refused) {
            return false;
          }
        });
  }

  @Test
  void socketsFarBeyondTheBoundAreClosedAtOnce() throws IOException {
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 3 + Connections.ROOM + 1; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), rig.server.port()));
      }
      sockets.getLast().setSoTimeout(10_000);

      assertThat(readOrEnd(sockets.getLast())).as("end of stream").isEqualTo(-1);
      assertThat(gauge("rpc.connections")).isEqualTo(3 + Connections.ROOM);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    Rig.await("all have gone", () -> gauge("rpc.connections") == 0);
    assertThat(rig.client().get(get()).getRevision()).isEqualTo(11);
  }

  @Test
  void aCompressedRequestIsRefused() {
    var error = ErrorsTest.error(() -> rig.client().withCompression("gzip").put(put(30_000)));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(rig.replica.commands).isEmpty();
  }

  @Test
  void callsAreCountedByMethodAndCodeAndMeasured() throws ExecutionException {
    rig.client().get(get());
    ErrorsTest.error(() -> rig.client().get(GetRequest.getDefaultInstance()));

    String method = "method=\"kv.v1.KeyValue/Get\"";
    Rig.await("one went well", () -> counted("rpc.calls{" + method + ",code=\"OK\"}") == 1);
    Rig.await(
        "one was wrong", () -> counted("rpc.calls{" + method + ",code=\"INVALID_ARGUMENT\"}") == 1);
    assertThat(gauge("rpc.in_flight{" + method + "}")).isZero();
  }

  private static int readOrEnd(Socket socket) {
    try {
      return socket.getInputStream().read();
    } catch (IOException reset) {
      return -1;
    }
  }

  private static void call(io.grpc.Channel channel) {
    KeyValueGrpc.newBlockingStub(channel).withWaitForReady().get(get());
  }

  private static GetRequest get() {
    return GetRequest.newBuilder().setKey(Rig.bytes("k")).build();
  }

  private static PutRequest put(int bytes) {
    return PutRequest.newBuilder()
        .setKey(Rig.bytes("k"))
        .setValue(ByteString.copyFrom(new byte[bytes]))
        .build();
  }

  private long gauge(String name) {
    var gauge = rig.metrics.getGauges().get(name);
    return gauge != null && gauge.getValue() instanceof Number value ? value.longValue() : -1;
  }

  private long counted(String name) {
    return rig.metrics.counter(name).getCount();
  }
}
