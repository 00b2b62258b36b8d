package io.tidemark.log.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.devs3.Account;
import io.tidemark.devs3.Counts;
import io.tidemark.devs3.DevS3;
import io.tidemark.devs3.DevS3Config;
import io.tidemark.devs3.Fault;
import io.tidemark.devs3.FaultRule;
import io.tidemark.devs3.Operation;
import io.tidemark.log.Log;
import io.tidemark.log.LogException;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What writes and strong reads cost in requests, at an endpoint as far away as a real one.
///
/// It prints the table; what it asserts are requests, not times. `-Dtidemark.cost.seconds=20`
/// measures longer.
@Timeout(300)
class BucketCostTest {
  private static final Duration PUT_TIME = Duration.ofMillis(35);
  private static final Duration GET_TIME = Duration.ofMillis(15);
  private static final int APPENDERS = 16;
  private static final int IDLE_READS = 20;
  private static final int READERS = 64;
  private static final double PUTS_MAX = 1.05;
  private static final Duration SETTLING = Duration.ofSeconds(1);
  private static final int SETTLING_MAX = 20;
  private static final Duration MEASURED =
      Duration.ofSeconds(Integer.getInteger("tidemark.cost.seconds", 3));
  private static final Bytes RECORD = Bytes.wrap(new byte[100]);

  @SuppressWarnings("NullAway.Init") // before every test
  private DevS3 s3;

  private final List<Log> logs = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    s3 = DevS3.start(DevS3Config.inMemory().withAccounts(List.of(Account.of("key", "secret"))));
    var _ =
        s3.faults()
            .add(
                FaultRule.of(new Fault.Slow(new Fault.Delay.Constant(PUT_TIME)))
                    .on(Operation.PUT_OBJECT));
    var _ =
        s3.faults()
            .add(
                FaultRule.of(new Fault.Slow(new Fault.Delay.Constant(GET_TIME)))
                    .on(Operation.GET_OBJECT));
  }

  @AfterEach
  void stop() throws Exception {
    logs.forEach(Log::close);
    s3.close();
  }

  private void open(int count) {
    var options =
        S3Options.DEFAULT
            .at(Optional.of(URI.create(s3.endpoint())), Optional.empty(), true)
            .as(new S3Options.Credentials("key", "secret", Optional.empty()))
            .withHandover(new S3Options.Handover("127.0.0.1", 0, Optional.empty()));
    try (var openers = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, count)
          .mapToObj(_ ->
              CompletableFuture.supplyAsync(() -> S3Logs.open("tidemark", "db", options), openers))
          .toList()
          .forEach(opening -> logs.add(opening.join()));
    }
  }

  /// Calls again and again, each time after the last one was answered, until it is stopped.
  private static final class Loop {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final Call call;

    interface Call {
      CompletableFuture<?> make();
    }

    Loop(Call call) {
      this.call = call;
      next();
    }

    private void next() {
      if (stopped.get()) {
        return;
      }
      long began = System.nanoTime();
      var _ =
          call.make()
              .whenComplete((_, failure) -> {
                if (failure == null) {
                  nanos.add(System.nanoTime() - began);
                }
                next();
              });
    }

    void forget() {
      nanos.clear();
    }
  }

  @Test
  void writersThatAreBusyTogetherPayForOnePutAtATime() {
    System.out.println(
        """
        | busy writers | appends/s | commits/s | PUTs per commit | p50 | p99 |
        |---|---|---|---|---|---|\
        """);
    for (int writers : List.of(1, 3, 8)) {
      open(writers);
      var loops = new ArrayList<Loop>();
      for (Log log : logs) {
        tail(log);
        for (int i = 0; i < APPENDERS; i++) {
          loops.add(new Loop(() -> log.append(List.of(RECORD), Precondition.NONE)));
        }
      }
      // Who loses finds out by losing.
      for (int i = 0; i < SETTLING_MAX && measure(SETTLING).putsPerCommit() > PUTS_MAX; i++) {}
      loops.forEach(Loop::forget);
      Requests requests = measure(MEASURED);
      long[] nanos = nanos(loops);
      loops.forEach(loop -> loop.stopped.set(true));
      logs.forEach(Log::close);
      logs.clear();

      System.out.printf(
          Locale.ROOT,
          "| %d | %,d | %.1f | %.3f | %.1f ms | %.1f ms |%n",
          writers,
          nanos.length / MEASURED.toSeconds(),
          (double) requests.commits() / MEASURED.toSeconds(),
          requests.putsPerCommit(),
          nanos[nanos.length / 2] / 1e6,
          nanos[nanos.length * 99 / 100] / 1e6);
      assertThat(requests.putsPerCommit()).as(writers + " writers").isLessThanOrEqualTo(PUTS_MAX);
    }
  }

  private record Requests(long puts, long commits) {
    double putsPerCommit() {
      return (double) puts / commits;
    }
  }

  private Requests measure(Duration duration) {
    Counts counts = s3.counts();
    long puts = counts.requests(Operation.PUT_OBJECT);
    long commits = counts.answers(Operation.PUT_OBJECT, 200);
    pass(duration);
    return new Requests(
        counts.requests(Operation.PUT_OBJECT) - puts,
        counts.answers(Operation.PUT_OBJECT, 200) - commits);
  }

  @Test
  void anIdleStrongReadCostsOneGetAndManyShareThem() {
    open(1);
    Log log = logs.getFirst();
    Counts counts = s3.counts();
    long gets = counts.requests(Operation.GET_OBJECT);
    for (int i = 0; i < IDLE_READS; i++) {
      log.checkTail().join();
    }
    assertThat(counts.requests(Operation.GET_OBJECT) - gets).isEqualTo(IDLE_READS);

    gets = counts.requests(Operation.GET_OBJECT);
    var loops = new ArrayList<Loop>();
    for (int i = 0; i < READERS; i++) {
      loops.add(new Loop(log::checkTail));
      loops.add(new Loop(() -> log.append(List.of(RECORD), Precondition.NONE)));
    }
    pass(MEASURED);
    loops.forEach(loop -> loop.stopped.set(true));
    var readers = IntStream.range(0, READERS).mapToObj(i -> loops.get(2 * i)).toList();
    long[] nanos = nanos(readers);
    int reads = nanos.length;
    double each = (double) (counts.requests(Operation.GET_OBJECT) - gets) / reads;
    System.out.printf(
        Locale.ROOT,
        "a strong read: 1 GET while the log is idle, %.3f GETs for each of %,d under load, p50 %.1f"
            + " ms, p99 %.1f ms%n",
        each,
        reads,
        nanos[reads / 2] / 1e6,
        nanos[reads * 99 / 100] / 1e6);
    assertThat(each).isLessThan(0.1);
  }

  private static long[] nanos(List<Loop> loops) {
    return loops.stream().flatMap(loop -> loop.nanos.stream()).mapToLong(n -> n).sorted().toArray();
  }

  // A replica reads all the time; it ends when the log is closed.
  private static void tail(Log log) {
    Thread.ofVirtual()
        .start(() -> {
          LogReader reader = log.read(Log.START);
          try {
            while (true) {
              var _ = reader.next();
            }
          } catch (LogException.Closed closed) {
            // As it should.
          } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void pass(Duration duration) {
    new CompletableFuture<Void>()
        .completeOnTimeout(null, duration.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
