package io.tidemark.log.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.faults.FaultProxy.Newcomers;
import io.tidemark.log.faults.FaultProxy.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a proxy does to a client and a server, seen from both.
@Timeout(30)
@SuppressWarnings("NullAway.Init") // set up before every test
class FaultProxyTest {
  private static final int NOTHING_COMES_MILLIS = 50;

  private ServerSocket listener;
  private FaultProxy proxy;
  private Socket client;
  private Socket server;

  @BeforeEach
  void connect() throws IOException {
    listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    proxy = FaultProxy.to(listener.getLocalPort());
    client = newClient();
    server = listener.accept();
    while (proxy.connections() < 1) {
      Thread.onSpinWait();
    }
  }

  private Socket newClient() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    client.close();
    server.close();
    listener.close();
  }

  @Test
  void whatIsSentArrivesBothWaysAndSoDoesTheEnd() throws IOException {
    send(client, "question");
    assertThat(receive(server, 8)).isEqualTo("question");
    send(server, "answer");
    assertThat(receive(client, 6)).isEqualTo("answer");
    client.close();
    assertThat(server.getInputStream().read()).isEqualTo(-1);
    assertThat(proxy.passed(Way.TO_SERVER)).isEqualTo(8);
    assertThat(proxy.passed(Way.TO_CLIENT)).isEqualTo(6);
  }

  @Test
  void aWayThatLosesIsHalfOpenForEverAndTheOtherGoesOn() throws IOException {
    proxy.lose(Way.TO_CLIENT);
    send(client, "question");
    assertThat(receive(server, 8)).isEqualTo("question");
    send(server, "lost");
    assertNothingComes(client);
    assertThat(proxy.lost(Way.TO_CLIENT)).isEqualTo(4);

    proxy.restore();
    send(server, "lost too");
    assertNothingComes(client);
    server.close();
    assertNothingComes(client);
  }

  @Test
  void whatWasHeldArrivesLaterInOrderThoughItsSenderHasGone() throws IOException {
    proxy.hold(Way.TO_SERVER);
    send(client, "one ");
    send(client, "two");
    client.close();
    assertNothingComes(server);

    proxy.release(Way.TO_SERVER);

    assertThat(receive(server, 7)).isEqualTo("one two");
    assertThat(server.getInputStream().read()).isEqualTo(-1);
    assertThat(proxy.held(Way.TO_SERVER)).isEqualTo(7);
  }

  @Test
  void aClientThatWasResetIsHeardAfterItHasConnectedAnew() throws IOException {
    proxy.hold(Way.TO_SERVER);
    send(client, "late");
    while (proxy.held(Way.TO_SERVER) < 4) {
      Thread.onSpinWait();
    }
    proxy.orphan();
    assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(SocketException.class);
    try (Socket again = newClient();
        Socket served = listener.accept()) {
      send(again, "early");
      assertThat(receive(served, 5)).isEqualTo("early");
      assertNothingComes(server);

      proxy.deliverOrphans();

      assertThat(receive(server, 4)).isEqualTo("late");
      assertThat(server.getInputStream().read()).isEqualTo(-1);
      send(again, "on");
      assertThat(receive(served, 2)).isEqualTo("on");
    }
  }

  @Test
  void aDelayIsServedInOrder() throws IOException {
    proxy.delay(Way.TO_SERVER, Duration.ofMillis(40), Duration.ofMillis(60));
    long beganNanos = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      send(client, "" + i);
    }
    assertThat(receive(server, 10)).isEqualTo("0123456789");
    assertThat(System.nanoTime() - beganNanos).isGreaterThan(40_000_000);
  }

  @Test
  void aThrottledWayTakesItsTime() throws IOException {
    proxy.throttle(Way.TO_SERVER, 100_000);
    long beganNanos = System.nanoTime();
    send(client, "x".repeat(10_000));
    assertThat(receive(server, 10_000)).hasSize(10_000);
    assertThat(System.nanoTime() - beganNanos).isGreaterThan(95_000_000);
  }

  @Test
  void aConnectionIsCutWithinAMessage() throws IOException {
    proxy.cutAfter(Way.TO_SERVER, 5);
    send(client, "question");
    assertThatThrownBy(() -> receive(server, 8)).isInstanceOf(IOException.class);
    assertThat(proxy.passed(Way.TO_SERVER)).isEqualTo(5);
    assertThat(proxy.cuts()).isEqualTo(1);
  }

  @Test
  void aResetIsHeardAsOneByBoth() {
    assertThat(proxy.reset()).isEqualTo(1);
    assertThatThrownBy(() -> receive(server, 1)).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(SocketException.class);
  }

  @Test
  void newcomersAreRefusedOrIgnoredAndThoseThereAreGoOn() throws IOException {
    proxy.newcomers(Newcomers.REFUSED);
    try (Socket refused = newClient()) {
      assertThatThrownBy(() -> receive(refused, 1)).isInstanceOf(IOException.class);
    }
    proxy.newcomers(Newcomers.IGNORED);
    try (Socket ignored = newClient()) {
      send(ignored, "hello?");
      assertNothingComes(ignored);
    }
    send(client, "still here");
    assertThat(receive(server, 10)).isEqualTo("still here");
    assertThat(proxy.turnedAway()).isEqualTo(2);

    proxy.heal();
    try (Socket passed = newClient();
        Socket served = listener.accept()) {
      send(passed, "hello");
      assertThat(receive(served, 5)).isEqualTo("hello");
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String receive(Socket socket, int bytes) throws IOException {
    byte[] got = socket.getInputStream().readNBytes(bytes);
    if (got.length < bytes) {
      throw new IOException("it ended after " + got.length + " bytes");
    }
    return new String(got, StandardCharsets.UTF_8);
  }

  private static void assertNothingComes(Socket socket) throws IOException {
    socket.setSoTimeout(NOTHING_COMES_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(0);
  }
}
