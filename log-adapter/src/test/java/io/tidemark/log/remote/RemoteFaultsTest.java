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

import io.grpc.Context;
import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogAudit;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.LogRecord;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import io.tidemark.log.faults.FaultProxy;
import io.tidemark.log.memory.MemoryLog;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of appends, tail checks and readers when the server or the network fails.
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set up before every test
class RemoteFaultsTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(20);

  private MemoryLog log;
  private Served served;
  private FaultProxy proxy;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void serve() throws IOException {
    log = new MemoryLog(new UUID(3, 4));
    served = Served.start(log);
    proxy = FaultProxy.to(served.port());
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    proxy.close();
    served.close();
  }

  private RemoteLog connect(int port, Duration tailCheck, Duration append) {
    var config = RemoteLogConfig.of("127.0.0.1", port).withTimeouts(tailCheck, tailCheck, append);
    var remote = RemoteLog.open(config);
    opened.add(remote);
    return remote;
  }

  private RemoteLog connect() {
    return connect(proxy.port(), LONG, LONG);
  }

  /// Leaves the machine to others before a condition is looked at again.
  private static void again() {
    LockSupport.parkNanos(500_000);
  }

  /// Calls until the log can be reached again.
  private static long tailOnceBack(Log remote) {
    while (true) {
      try {
        return tail(remote);
      } catch (LogException.Unavailable _) {
        again();
      }
    }
  }

  private static Appended appendOnceBack(Log remote, String text) {
    while (true) {
      try {
        return append(remote, text);
      } catch (LogException.Unavailable _) {
        again();
      }
    }
  }

  @Test
  void withoutAServerEverythingFailsAtOnceAndSaysWhere() throws Exception {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    RemoteLog remote = connect(port, LONG, LONG);

    for (int i = 0; i < 2; i++) {
      var refused =
          failure(remote.append(batch("a"), Precondition.NONE), LogException.Unavailable.class);
      assertThat(refused.side()).isEqualTo(LogException.Side.NOT_APPENDED);
      assertThat(refused).hasMessageContaining("127.0.0.1:" + port).hasMessageContaining("refused");
      failure(remote.checkTail(), LogException.Unavailable.class);
      failure(remote.describe(), LogException.Unavailable.class);
    }
  }

  @Test
  void anAppendWhoseReplyIsLostIsMaybeAppendedAndEntersOnce() throws Exception {
    RemoteLog remote = connect();
    append(remote, "before");
    proxy.swallowReplies();
    var undecided = new ArrayList<CompletableFuture<Appended>>();
    for (int i = 0; i < 50; i++) {
      undecided.add(remote.append(batch("lost" + i), Precondition.NONE));
    }
    awaitTail(52);
    proxy.heal();
    for (var append : undecided) {
      var failure = failure(append, LogException.Indeterminate.class);
      assertThat(failure.side()).isEqualTo(LogException.Side.MAYBE_APPENDED);
    }
    appendOnceBack(remote, "after");

    List<String> expected = new ArrayList<>(List.of("before"));
    for (int i = 0; i < 50; i++) {
      expected.add("lost" + i);
    }
    expected.add("after");
    assertThat(texts(readToTail(log, Log.START))).isEqualTo(expected);
  }

  @Test
  void aFrozenServerFailsTailChecksAndLeavesAppendsUndecidedInTime() {
    RemoteLog remote = connect(proxy.port(), SHORT, Duration.ofMillis(600));
    appendOnceBack(remote, "a");
    proxy.blackHole();
    var sent = remote.append(batch("b"), Precondition.NONE);
    long began = System.nanoTime();
    var checks = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < 5; i++) {
      checks.add(remote.checkTail());
    }

    checks.forEach(check -> failure(check, LogException.Unavailable.class));
    failure(sent, LogException.Indeterminate.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    // Nothing was heard for so long that the connection was given up: this one is not sent.
    failure(remote.checkTail(), LogException.Unavailable.class);
    failure(remote.append(batch("c"), Precondition.NONE), LogException.Unavailable.class);
    proxy.heal();
    assertThat(tailOnceBack(remote)).isEqualTo(2);
  }

  @Test
  void aTailCheckOfAnIdleConnectionFailsInTimeAndFindsANewConnection() {
    RemoteLog remote = connect(proxy.port(), SHORT, LONG);
    appendOnceBack(remote, "a");
    proxy.blackHole();
    long began = System.nanoTime();
    var late = failure(remote.checkTail(), LogException.Unavailable.class);

    assertThat(late).hasMessageContaining("DEADLINE_EXCEEDED");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    // What passes from now on passes on a new connection only: the old one is left as it is.
    proxy.passNewConnections();
    assertThat(tailOnceBack(remote)).isEqualTo(2);
  }

  @Test
  void anAppendThatIsNotAnsweredInTimeIsMaybeAppendedThoughTheServerLives() {
    var stuck = new StuckLog(log);
    try (var other = startServer(stuck)) {
      RemoteLog remote = connect(other.port(), LONG, SHORT);
      append(remote, "a");
      stuck.freeze();
      var late = remote.append(batch("b"), Precondition.NONE);
      failure(late, LogException.Indeterminate.class);
      stuck.thaw();

      appendOnceBack(remote, "c");
      assertThat(texts(readToTail(log, Log.START))).containsExactly("a", "b", "c");
    }
  }

  private static Served startServer(Log of) {
    try {
      return Served.start(of);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTailCheckSeesWhatOthersAppendedAndNeverAnOlderAnswer() {
    RemoteLog remote = connect();
    assertThat(tail(remote)).isEqualTo(1);
    for (int i = 0; i < 100; i++) {
      Appended elsewhere = append(log, "r" + i);
      assertThat(tail(remote)).isEqualTo(elsewhere.next());
    }
    proxy.cut();
    Appended meanwhile = append(log, "meanwhile");

    assertThat(tailOnceBack(remote)).isEqualTo(meanwhile.next());
  }

  @Test
  void aTailCheckOutlivesTheRequestOnWhoseThreadItWasAsked() throws Exception {
    RemoteLog remote = connect();
    append(remote, "a");
    proxy.hold(FaultProxy.Way.TO_CLIENT);
    var request = Context.current().withCancellation();
    CompletableFuture<Tail> check = request.call(remote::checkTail);
    request.cancel(null);
    proxy.restore();

    assertThat(await(check).position()).isEqualTo(2);
  }

  @Test
  void restartsOfTheServerLoseNothingAndAReaderSeesEverythingOnceInOrder() throws Exception {
    RemoteLog remote = connect(served.port(), LONG, LONG);
    disturb(
        remote,
        () -> {
          served.stop();
          served.restart();
        });
  }

  @Test
  void cutConnectionsLoseNothingAndAReaderSeesEverythingOnceInOrder() throws Exception {
    disturb(connect(), proxy::cut);
  }

  @Test
  void lostRepliesLoseNothingAndAReaderSeesEverythingOnceInOrder() throws Exception {
    disturb(
        connect(),
        () -> {
          proxy.swallowReplies();
          long lost = proxy.lostToClient();
          // Until the next answer is lost, or for as many appends as it takes to lose one.
          while (proxy.lostToClient() == lost) {
            again();
          }
          proxy.heal();
        });
  }

  private interface Disturbance {
    void happen() throws Exception;
  }

  /// Appends from four threads and reads from two while the disturbance happens ten times; then
  /// compares what was told with what there is.
  private void disturb(RemoteLog remote, Disturbance disturbance) throws Exception {
    var audit = new LogAudit();
    var done = new AtomicBoolean();
    var threads = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < 4; i++) {
      int thread = i;
      threads.add(inThread(() -> appendUntil(done, remote, audit, thread)));
    }
    var readers = List.of(inThread(() -> readToEnd(remote)), inThread(() -> readToEnd(remote)));
    for (int i = 0; i < 10; i++) {
      long tail = tailOnceBack(remote);
      awaitTail(tail + 200);
      disturbance.happen();
    }
    done.set(true);
    threads.forEach(CompletableFuture::join);
    appendOnceBack(remote, "end/0/1");

    List<LogRecord> all = readToTail(log, Log.START);
    audit.check(all.stream().filter(kept -> !kept.payload().utf8().startsWith("end")).toList());
    assertThat(audit.count("Appended")).isGreaterThan(300);
    assertThat(audit.count("Indeterminate")).isPositive();
    for (var reader : readers) {
      assertThat(await(reader)).isEqualTo(all);
    }
  }

  private static void appendUntil(AtomicBoolean done, Log to, LogAudit audit, int thread) {
    var random = new Random(thread);
    for (int i = 0; !done.get(); i++) {
      var last = audit.append(to, thread + "-" + i, 1 + random.nextInt(3), Precondition.NONE);
      if (i % 16 == 0 || last.isCompletedExceptionally()) {
        boolean failed = last.handle((_, failure) -> failure != null).join();
        if (failed) {
          tailOnceBack(to);
        }
      }
    }
  }

  private static List<LogRecord> readToEnd(Log from) throws InterruptedException {
    var all = new ArrayList<LogRecord>();
    try (LogReader reader = from.read(Log.START)) {
      while (all.isEmpty() || !all.getLast().payload().utf8().startsWith("end")) {
        all.addAll(reader.next());
      }
    }
    return all;
  }

  @Test
  void aReaderWaitsForALogThatIsAwayAndGoesOnWhereItWas() throws Exception {
    RemoteLog remote = connect(served.port(), LONG, LONG);
    append(log, "a");
    try (LogReader reader = remote.read(Log.START)) {
      assertThat(texts(next(reader))).containsExactly("a");
      served.stop();
      append(log, "b");
      var read = inThread(reader::next);
      served.restart();

      assertThat(texts(await(read))).containsExactly("b");
    }
  }

  @Test
  void anotherLogAtTheAddressIsNeverTakenForTheFirst() throws Exception {
    RemoteLog remote = connect(served.port(), LONG, LONG);
    append(remote, "a");
    LogReader reader = remote.read(Log.START);
    assertThat(texts(next(reader))).containsExactly("a");
    served.stop();
    try (var other = new MemoryLog(new UUID(9, 9))) {
      served.restartWith(other);
      LogException met = null;
      while (!(met instanceof LogException.Corrupt)) {
        met = failure(remote.append(batch("x"), Precondition.NONE), LogException.class);
        assertThat(met.side()).isEqualTo(LogException.Side.NOT_APPENDED);
      }
      assertThat(met).hasMessageContaining(new UUID(9, 9).toString());
      failure(remote.checkTail(), LogException.Corrupt.class);
      failure(remote.seal(), LogException.Corrupt.class);
      assertThatThrownBy(reader::next).isInstanceOf(LogException.Corrupt.class);
      assertThat(tail(other)).isEqualTo(Log.START);
      served.stop();
    }
    served.restart();
    var back = new CompletableFuture<Appended>();
    while (!back.isDone()) {
      remote
          .append(batch("b"), Precondition.NONE)
          .thenAccept(back::complete)
          .exceptionally(_ -> null)
          .join();
    }
    assertThat(texts(next(reader))).containsExactly("b");
    reader.close();
  }

  @Test
  void whatIsOutstandingIsBoundedInCountAndBytes() {
    var stuck = new StuckLog(log);
    try (var other = startServer(stuck)) {
      var config = RemoteLogConfig.of("127.0.0.1", other.port());
      var few = RemoteLog.open(config.withOutstanding(3, 1 << 20));
      var small = RemoteLog.open(config.withOutstanding(100, 1_000));
      opened.addAll(List.of(few, small));
      append(few, "up");
      append(small, "up");
      stuck.freeze();
      var kept = new ArrayList<CompletableFuture<Appended>>();
      for (int i = 0; i < 3; i++) {
        kept.add(few.append(batch("few" + i), Precondition.NONE));
      }
      var large = List.of(Bytes.wrap(new byte[2_000]));
      kept.add(small.append(large, Precondition.NONE));

      failure(few.append(batch("x"), Precondition.NONE), LogException.Overloaded.class);
      failure(small.append(batch("x"), Precondition.NONE), LogException.Overloaded.class);
      stuck.thaw();
      kept.forEach(append -> await(append));
      append(few, "again");
      append(small, "again");
      assertThat(readToTail(log, Log.START)).hasSize(8);
    }
  }

  @Test
  void closingEndsEverythingUnderWayAndSaysWhatMayHaveHappened() throws Exception {
    RemoteLog remote = connect();
    append(remote, "a");
    var waiting = remote.read(2);
    var read = inThread(waiting::next);
    proxy.blackHole();
    var sent = remote.append(batch("b"), Precondition.NONE);
    var check = remote.checkTail();
    remote.close();

    failure(sent, LogException.Indeterminate.class);
    failure(check, LogException.class);
    failure(read, LogException.Closed.class);
    failure(remote.append(batch("c"), Precondition.NONE), LogException.Closed.class);
    failure(remote.checkTail(), LogException.Closed.class);
  }

  private void awaitTail(long position) {
    while (tail(log) < position) {
      again();
    }
  }

  private interface Work<T> {
    T call() throws Exception;
  }

  private interface Run {
    void run() throws Exception;
  }

  private static CompletableFuture<Boolean> inThread(Run run) {
    return inThread(() -> {
      run.run();
      return true;
    });
  }

  private static <T> CompletableFuture<T> inThread(Work<T> work) {
    var outcome = new CompletableFuture<T>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            outcome.complete(work.call());
          } catch (Throwable failure) {
            outcome.completeExceptionally(failure);
          }
        });
    return outcome;
  }
}
