package io.tidemark.log.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tidemark.log.faults.CallProxy.Fate;
import io.tidemark.log.faults.CallProxy.Plan;
import io.tidemark.log.remote.v1.LogGrpc;
import io.tidemark.log.remote.v1.TrimRequest;
import io.tidemark.log.remote.v1.TrimResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a call through the proxy does at the server, and what its caller hears of it.
@Timeout(30)
@SuppressWarnings("NullAway.Init") // set up before every test
class CallProxyTest {
  private static final long SHORT_MILLIS = 300;
  private static final Duration LATE = Duration.ofSeconds(1);

  private final BlockingQueue<Long> calls = new LinkedBlockingQueue<>();
  private Server server;
  private CallProxy proxy;
  private ManagedChannel channel;

  @BeforeEach
  void serve() throws IOException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = NettyServerBuilder.forAddress(loopback).addService(new Trims()).build().start();
    proxy =
        CallProxy.between(
            loopback, new InetSocketAddress(loopback.getAddress(), server.getPort()), 7);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", proxy.port()).usePlaintext().build();
    // Connected, so that a short deadline is spent on the call.
    trim(1, 10_000);
    calls.clear();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    proxy.close();
    server.shutdownNow();
  }

  private final class Trims extends LogGrpc.LogImplBase {
    @Override
    public void trim(TrimRequest request, StreamObserver<TrimResponse> answer) {
      calls.add(request.getUpTo());
      if (request.getUpTo() < 0) {
        answer.onError(Status.OUT_OF_RANGE.withDescription("below 0").asException());
        return;
      }
      answer.onNext(TrimResponse.newBuilder().setTrimPoint(request.getUpTo()).build());
      answer.onCompleted();
    }
  }

  private long trim(long upTo, long timeoutMillis) {
    return LogGrpc.newBlockingStub(channel)
        .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
        .trim(TrimRequest.newBuilder().setUpTo(upTo).build())
        .getTrimPoint();
  }

  private void plan(Fate fate) {
    proxy.plan(new Plan("/Trim", fate, 1, LATE));
  }

  @Test
  void aCallPassesWithItsAnswerOrItsError() {
    assertThat(trim(5, 10_000)).isEqualTo(5);
    assertThatThrownBy(() -> trim(-1, 10_000))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("OUT_OF_RANGE: below 0");
    assertThat(calls).containsExactly(5L, -1L);
    assertThat(proxy.befallen()).isEmpty();
  }

  @Test
  void aCallWhoseAnswerIsLostWasDone() throws InterruptedException {
    plan(Fate.ANSWER_LOST);
    assertTimesOut(6);
    assertThat(calls.take()).isEqualTo(6);
    assertThat(proxy.befallen()).singleElement().matches(one -> one.fate() == Fate.ANSWER_LOST);
  }

  @Test
  void aCallIsSentTwiceAndAnsweredOnce() throws InterruptedException {
    proxy.plan(new Plan("/Trim", Fate.SENT_TWICE, 1, Duration.ofMillis(50)));
    assertThat(trim(7, 10_000)).isEqualTo(7);
    assertThat(calls.take()).isEqualTo(7);
    assertThat(calls.take()).isEqualTo(7);
  }

  @Test
  void aCallArrivesAfterItsCallerHasGone() throws InterruptedException {
    plan(Fate.SENT_LATE);
    assertTimesOut(8);
    assertThat(calls).isEmpty();
    proxy.plan();
    assertThat(trim(9, 10_000)).isEqualTo(9);
    assertThat(calls.take()).isEqualTo(9);
    assertThat(calls.take()).isEqualTo(8);
  }

  @Test
  void aCallIsDoneAtOnceAndAnsweredLate() {
    plan(Fate.ANSWERED_LATE);
    long beganNanos = System.nanoTime();
    assertThat(trim(10, 10_000)).isEqualTo(10);
    assertThat(System.nanoTime() - beganNanos).isGreaterThan(LATE.toNanos() / 2);
    while (proxy.befallen().isEmpty()) {
      LockSupport.parkNanos(100_000);
    }
    assertThat(calls).containsExactly(10L);
  }

  @Test
  void othersPass() {
    proxy.plan(new Plan("/Seal", Fate.ANSWER_LOST, 1, LATE));
    assertThat(trim(11, 10_000)).isEqualTo(11);
  }

  private void assertTimesOut(long upTo) {
    assertThatThrownBy(() -> trim(upTo, SHORT_MILLIS))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("DEADLINE_EXCEEDED");
  }
}
