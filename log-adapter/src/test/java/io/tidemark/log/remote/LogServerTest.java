package io.tidemark.log.remote;

import static io.tidemark.log.LogCalls.append;
import static io.tidemark.log.LogCalls.await;
import static io.tidemark.log.LogCalls.batch;
import static io.tidemark.log.LogCalls.failure;
import static io.tidemark.log.LogCalls.next;
import static io.tidemark.log.LogCalls.readToTail;
import static io.tidemark.log.LogCalls.tail;
import static io.tidemark.log.LogCalls.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.log.faults.FaultProxy;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.log.remote.v1.AppendOpen;
import io.tidemark.log.remote.v1.AppendRequest;
import io.tidemark.log.remote.v1.AppendResponse;
import io.tidemark.log.remote.v1.Batch;
import io.tidemark.log.remote.v1.CheckTailRequest;
import io.tidemark.log.remote.v1.LogGrpc;
import io.tidemark.log.remote.v1.ReadOpen;
import io.tidemark.log.remote.v1.ReadRequest;
import io.tidemark.log.remote.v1.ReadResponse;
import io.tidemark.log.remote.v1.Record;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the server does for clients that behave and to those that do not.
@Timeout(60)
class LogServerTest {
  private static final LogServerConfig CONFIG = LogServerConfig.of("127.0.0.1", 0);
  private static final long WINDOW = 10_000;

  private final MemoryLog log = new MemoryLog(new UUID(5, 6));
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    log.close();
  }

  private Served serve(Log of, LogServerConfig config) throws IOException {
    var served = Served.start(of, config);
    opened.add(served);
    return served;
  }

  private RemoteLog connect(Served to) {
    var remote = RemoteLog.open(RemoteLogConfig.of("127.0.0.1", to.port()));
    opened.add(remote);
    return remote;
  }

  private ManagedChannel channel(Served to) {
    var channel =
        NettyChannelBuilder.forAddress("127.0.0.1", to.port())
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    opened.add(channel::shutdownNow);
    return channel;
  }

  /// Keeps what came; the status as a message once the stream has ended.
  private static final class Inbox<T> implements StreamObserver<T> {
    private final LinkedBlockingQueue<T> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> status = new CompletableFuture<>();

    @Override
    public void onNext(T message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable thrown) {
      status.complete(Status.fromThrowable(thrown));
    }

    @Override
    public void onCompleted() {
      status.complete(Status.OK);
    }

    T take() throws InterruptedException {
      T message = messages.poll(30, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      return message;
    }
  }

  private static ReadRequest open(long window, long credit) {
    return ReadRequest.newBuilder()
        .setOpen(ReadOpen.newBuilder().setFrom(1).setWindowBytes(window).setCreditBytes(credit))
        .build();
  }

  private static ReadRequest credit(long bytes) {
    return ReadRequest.newBuilder().setCreditBytes(bytes).build();
  }

  private static long cost(ReadResponse response) {
    assertThat(response.hasRecords()).isTrue();
    return response.getRecords().getRecordsList().stream()
        .mapToLong(record -> record.getPayload().size() + 32)
        .sum();
  }

  @Test
  void aReaderIsNeverSentMoreThanItsCredit() throws Exception {
    for (int i = 0; i < 500; i++) {
      append(log, "x".repeat(68 + i % 3));
    }
    Served served = serve(log, CONFIG);
    RemoteLog remote = connect(served);
    var inbox = new Inbox<ReadResponse>();
    var requests = LogGrpc.newStub(channel(served)).read(inbox);
    requests.onNext(open(WINDOW, WINDOW));
    long granted = WINDOW;
    long received = 0;
    int records = 0;
    while (records < 500) {
      ReadResponse response = inbox.take();
      received += cost(response);
      records += response.getRecords().getRecordsCount();
      assertThat(received).isLessThanOrEqualTo(granted);
      if (granted - received < 102) {
        // No record fits: after an answer of the same server there is still none.
        assertThat(tail(remote)).isEqualTo(501);
        assertThat(inbox.messages).isEmpty();
        granted += 1_000;
        requests.onNext(credit(1_000));
      }
    }
  }

  @Test
  void aRecordLargerThanTheWindowComesAloneWhenAllOfTheWindowIsFree() throws Exception {
    append(log, "small");
    append(log, "x".repeat(3 * (int) WINDOW));
    append(log, "after");
    Served served = serve(log, CONFIG);
    var inbox = new Inbox<ReadResponse>();
    var requests = LogGrpc.newStub(channel(served)).read(inbox);
    requests.onNext(open(WINDOW, WINDOW));

    assertThat(cost(inbox.take())).isEqualTo(37);
    requests.onNext(credit(37));
    List<Record> large = inbox.take().getRecords().getRecordsList();
    assertThat(large).hasSize(1);
    requests.onNext(credit(large.getFirst().getPayload().size() + 32L));
    assertThat(inbox.take().getRecords().getRecords(0).getPosition()).isEqualTo(3);

    var config = RemoteLogConfig.of("127.0.0.1", served.port()).withReadWindow((int) WINDOW);
    try (Log remote = RemoteLog.open(config)) {
      assertThat(readToTail(remote, 1)).isEqualTo(readToTail(log, 1));
    }
  }

  @Test
  void aSlowReaderHoldsNoMoreThanItsWindow() throws Exception {
    for (int i = 0; i < 200; i++) {
      append(log, "%05d".formatted(i).repeat(20_000));
    }
    Served served = serve(log, CONFIG);
    var proxy = FaultProxy.to(served.port());
    opened.add(proxy);
    var config = RemoteLogConfig.of("127.0.0.1", proxy.port()).withReadWindow(500_000);
    try (Log remote = RemoteLog.open(config);
        LogReader reader = remote.read(1)) {
      List<LogRecord> all = new ArrayList<>(next(reader));
      while (all.size() < 200) {
        long consumed = 100_032L * all.size();
        for (int i = 0; i < 5; i++) {
          tail(remote);
          assertThat(proxy.passed(FaultProxy.Way.TO_CLIENT))
              .isLessThan(consumed + 500_000 + 100_000);
        }
        all.addAll(next(reader));
      }
      assertThat(all).isEqualTo(readToTail(log, 1));
    }
  }

  @Test
  void creditThatDoesNotFitTheWindowEndsTheStream() throws Exception {
    Served served = serve(log, CONFIG);
    for (var wrong :
        List.of(
            List.of(open(0, 0)),
            List.of(open(10, 11)),
            List.of(credit(5)),
            List.of(open(10, 10), credit(1)),
            List.of(open(10, 5), credit(-1)),
            List.of(open(10, 5), open(10, 5)),
            List.of(ReadRequest.getDefaultInstance()))) {
      var inbox = new Inbox<ReadResponse>();
      var requests = LogGrpc.newStub(channel(served)).read(inbox);
      wrong.forEach(requests::onNext);
      assertThat(status(inbox).getCode()).as("%s", wrong).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  private static Status status(Inbox<?> inbox) throws Exception {
    return inbox.status.get(30, TimeUnit.SECONDS);
  }

  private static AppendRequest numbered(long number, String... records) {
    var batch = Batch.newBuilder().setNumber(number);
    for (String record : records) {
      batch.addRecords(ByteString.copyFromUtf8(record));
    }
    return AppendRequest.newBuilder().setBatch(batch).build();
  }

  @Test
  void batchesOutOfOrderOrWithoutRecordsEndTheStreamAndAreNotAppended() throws Exception {
    Served served = serve(log, CONFIG);
    AppendRequest open = AppendRequest.newBuilder().setOpen(AppendOpen.newBuilder()).build();
    for (var wrong :
        List.of(
            List.of(numbered(1, "x")),
            List.of(open, open),
            List.of(open, numbered(2, "x")),
            List.of(open, numbered(1)),
            List.of(open, AppendRequest.getDefaultInstance()))) {
      var inbox = new Inbox<AppendResponse>();
      var requests = LogGrpc.newStub(channel(served)).append(inbox);
      wrong.forEach(requests::onNext);
      assertThat(status(inbox).getCode()).as("%s", wrong).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    assertThat(tail(log)).isEqualTo(Log.START);
  }

  @Test
  void whoKnowsAnotherLogIsRefused() throws Exception {
    Served served = serve(log, CONFIG);
    ByteString other = Wire.id(new UUID(7, 7));
    var tail = new Inbox<io.tidemark.log.remote.v1.CheckTailResponse>();
    LogGrpc.newStub(channel(served))
        .checkTail(CheckTailRequest.newBuilder().setLogId(other).build(), tail);
    assertThat(tail.take().getFailure().getWrongLog().getLogId())
        .isEqualTo(Wire.id(new UUID(5, 6)));

    var appends = new Inbox<AppendResponse>();
    var requests = LogGrpc.newStub(channel(served)).append(appends);
    var open = AppendOpen.newBuilder().setLogId(other);
    requests.onNext(AppendRequest.newBuilder().setOpen(open).build());
    requests.onNext(numbered(1, "x"));
    assertThat(appends.take().getFailure().hasWrongLog()).isTrue();
    assertThat(status(appends).isOk()).isTrue();
    assertThat(tail(log)).isEqualTo(Log.START);
  }

  @Test
  void batchesUnderWayAreBoundedForEachStreamAndTogether() throws Exception {
    var stuck = new StuckLog(log);
    RemoteLog few = connect(serve(stuck, CONFIG.withAppends(4, 1 << 20, 1 << 20)));
    append(few, "up");
    stuck.freeze();
    var appends = new ArrayList<CompletableFuture<Appended>>();
    for (int i = 0; i < 50; i++) {
      appends.add(few.append(batch("r" + i), Precondition.NONE));
    }
    while (tail(few) < 6) {
      assertThat(stuck.underWayMost()).isLessThanOrEqualTo(4);
    }
    stuck.thaw();
    appends.forEach(append -> await(append));
    assertThat(stuck.underWayMost()).isEqualTo(4);
    assertThat(readToTail(log, 1)).hasSize(51);

    RemoteLog small = connect(serve(stuck, CONFIG.withAppends(100, 1 << 20, 1_000)));
    append(small, "up");
    stuck.freeze();
    var large = small.append(List.of(Bytes.wrap(new byte[5_000])), Precondition.NONE);
    var refused = small.append(batch("x"), Precondition.NONE);
    while (tail(small) < 54) {
      assertThat(large).isNotDone();
    }
    stuck.thaw();
    await(large);
    failure(refused, LogException.Overloaded.class);
  }

  @Test
  void streamsAreBounded() throws Exception {
    Served served = serve(log, CONFIG.withStreams(1, 1));
    RemoteLog first = connect(served);
    append(first, "a");
    var refused = failure(connect(served).checkTail(), LogException.Unavailable.class);
    assertThat(refused).hasMessageContaining("1 clients");

    LogReader one = first.read(1);
    assertThat(texts(next(one))).containsExactly("a");
    LogReader two = first.read(1);
    var waiting = new CompletableFuture<List<LogRecord>>();
    Thread.ofVirtual().start(() -> waiting.complete(next(two)));
    append(first, "b");
    assertThat(texts(next(one))).containsExactly("b");
    one.close();
    assertThat(texts(await(waiting))).startsWith("a");
    two.close();
  }

  @Test
  void aLogThatIsClosedUnderTheServerIsUnavailable() throws Exception {
    var memory = new MemoryLog(new UUID(1, 1));
    RemoteLog remote = connect(serve(memory, CONFIG));
    append(remote, "a");
    memory.close();

    failure(remote.checkTail(), LogException.Unavailable.class);
    failure(remote.append(batch("b"), Precondition.NONE), LogException.Unavailable.class);
  }

  @Test
  void garbageOnThePortHarmsNobody() throws Exception {
    Served served = serve(log, CONFIG);
    RemoteLog remote = connect(served);
    append(remote, "a");
    for (String garbage : List.of("GET / HTTP/1.1\r\n\r\n", "\0\1\2\3".repeat(1_000))) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
        socket.getOutputStream().write(garbage.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        socket.getInputStream().readAllBytes();
      } catch (IOException _) {
        // Thrown out, which is one way to be refused.
      }
    }
    append(remote, "b");

    assertThat(texts(readToTail(remote, 1))).containsExactly("a", "b");
  }

  @Test
  void healthSaysServing() throws Exception {
    var health = HealthGrpc.newBlockingStub(channel(serve(log, CONFIG)));
    for (String service : List.of("", "log.v1.Log")) {
      var request = HealthCheckRequest.newBuilder().setService(service).build();
      assertThat(health.check(request).getStatus()).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    int port = serve(log, CONFIG).port();

    assertThatThrownBy(() -> LogServer.start(log, LogServerConfig.of("127.0.0.1", port)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + port);
  }
}
