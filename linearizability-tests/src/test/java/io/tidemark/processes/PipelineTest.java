package io.tidemark.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import io.tidemark.client.GetResult;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkException;
import io.tidemark.log.faults.FaultProxy;
import io.tidemark.log.faults.FaultProxy.Way;
import io.tidemark.porcupine.HistoryRecorder;
import io.tidemark.porcupine.Linearizability;
import io.tidemark.porcupine.Options;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.Report;
import io.tidemark.porcupine.Verdict;
import io.tidemark.porcupine.model.VersionedKv;
import io.tidemark.porcupine.model.VersionedKv.Input;
import io.tidemark.porcupine.model.VersionedKv.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many requests under way on one connection, which breaks in the middle of them.
///
/// The model wants of every reply the revision of its own request, so that replies that are given
/// to other requests than theirs show. `-Dtidemark.faults.seconds=120` makes it long.
class PipelineTest {
  private static final Duration DURATION =
      Duration.ofSeconds(Integer.getInteger("tidemark.faults.seconds", 10) / 2);
  private static final int KEYS = 40;
  private static final int WORKERS = 32;
  private static final int OPERATIONS_MAX = 200_000;
  private static final int ANSWERS_BETWEEN_CUTS = 300;
  private static final Duration DEADLINE = Duration.ofMillis(1_500);
  private static final Duration PAUSE = Duration.ofMillis(10);

  @TempDir Path directory;

  @Test
  void repliesBelongToTheirRequestsThoughTheConnectionBreaksAmongThem() throws Exception {
    try (var cluster = Cluster.in(directory).replicas(2).linksToReplicas().seed(9).start();
        var load = new Load(cluster.endpoints(), false)) {
      cutInTheMiddle(cluster, load);
      Report<?, ?, ?> report = load.finish();

      System.out.println("connections cut under many requests: " + load);
      assertThat(report.isOk()).as(report.summary()).isTrue();
      assertThat(load.inFlightMax.get()).as("requests under way at once").isGreaterThan(10);
      assertThat(load.indefinite()).as("requests of unknown outcome").isPositive();
    }
  }

  /// What M31 does: a library below the client that sends again what may have been done.
  @Test
  void whoSendsAgainWhatMayHaveBeenDoneIsCaught() throws Exception {
    try (var cluster = Cluster.in(directory).replicas(2).linksToReplicas().seed(9).start();
        var load = new Load(cluster.endpoints(), true)) {
      cutInTheMiddle(cluster, load);
      Report<?, ?, ?> report = load.finish();

      System.out.println("M31 under cut connections: " + report.summary());
      assertThat(report.verdict()).as(report.summary()).isInstanceOf(Verdict.Illegal.class);
    }
  }

  private static void cutInTheMiddle(Cluster cluster, Load load) {
    var random = new Random(9);
    long beganNanos = System.nanoTime();
    for (int i = 0; i < 20 || System.nanoTime() - beganNanos < DURATION.toNanos(); i++) {
      long target = load.answered.get() + ANSWERS_BETWEEN_CUTS;
      Await.until("answers", () -> load.answered.get() >= target);
      FaultProxy bytes = cluster.replicaLinks().get(i % 2).bytes();
      long before = bytes.cuts();
      bytes.cutAfter(random.nextBoolean() ? Way.TO_SERVER : Way.TO_CLIENT, random.nextInt(20_000));
      Await.until("a connection was cut", () -> bytes.cuts() > before);
      load.cuts++;
    }
  }

  /// Workers that share a connection to each replica: half of them through clients that send again
  /// under the same request id, half through clients that send once.
  private static final class Load implements AutoCloseable {
    private final List<TidemarkClient> clients = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();
    private final HistoryRecorder<Input, Output> recorder =
        new HistoryRecorder<>(System::nanoTime, OPERATIONS_MAX);
    private final boolean sendsAgain;
    private final AtomicLong inFlight = new AtomicLong();
    final AtomicLong inFlightMax = new AtomicLong();
    final AtomicLong answered = new AtomicLong();
    private int cuts;
    private volatile boolean stopping;

    Load(List<String> endpoints, boolean sendsAgain) {
      this.sendsAgain = sendsAgain;
      for (String endpoint : endpoints) {
        clients.add(TidemarkClient.builder().endpoints(endpoint).deadline(DEADLINE).build());
        clients.add(
            TidemarkClient.builder()
                .endpoints(endpoint)
                .deadline(DEADLINE)
                .attemptTimeout(DEADLINE)
                .pauses(DEADLINE.multipliedBy(4), DEADLINE.multipliedBy(4))
                .build());
      }
      for (int i = 0; i < WORKERS; i++) {
        int number = i;
        TidemarkClient client = clients.get(i % clients.size());
        workers.add(Thread.ofVirtual().start(() -> work(number, client)));
      }
    }

    private void work(int number, TidemarkClient client) {
      var random = new Random(number);
      int as = recorder.newClient();
      for (int turn = 0; !stopping; turn++) {
        String key = "k" + random.nextInt(KEYS);
        Input input =
            random.nextInt(100) < 40
                ? new VersionedKv.Get(key)
                : new VersionedKv.Put(key, number + "." + turn);
        var call = recorder.invoke(as, input);
        inFlightMax.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        try {
          call.ok(perform(client, input, sendsAgain));
          answered.incrementAndGet();
        } catch (TidemarkException failure) {
          if (failure.mayHaveHappened()) {
            call.info(failure.toString());
            as = recorder.newClient();
          } else {
            call.fail(failure.toString());
          }
          LockSupport.parkNanos(PAUSE.toNanos());
        } finally {
          inFlight.decrementAndGet();
        }
      }
    }

    private static Output perform(TidemarkClient client, Input input, boolean again) {
      try {
        return switch (input) {
          case VersionedKv.Put(String key, String value) ->
              new VersionedKv.Written(client.put(Bytes.utf8(key), Bytes.utf8(value)).revision());
          case VersionedKv.Get(String key) -> found(client.get(Bytes.utf8(key)));
          case VersionedKv.PutIf _, VersionedKv.Delete _ ->
              throw new AssertionError("nobody asked for " + input);
        };
      } catch (TidemarkException failure) {
        if (again && failure.mayHaveHappened()) {
          return perform(client, input, true);
        }
        throw failure;
      }
    }

    private static Output found(GetResult result) {
      return result
          .pair()
          .<Output>map(pair ->
              new VersionedKv.Found(pair.value().utf8(), pair.modifyRevision(), pair.version()))
          .orElseGet(VersionedKv.Missing::new);
    }

    Report<?, ?, ?> finish() throws InterruptedException {
      stopping = true;
      for (Thread worker : workers) {
        worker.join();
      }
      for (TidemarkClient client : clients) {
        int reader = recorder.newClient();
        for (int key = 0; key < KEYS; key++) {
          var call = recorder.invoke(reader, new VersionedKv.Get("k" + key));
          call.ok(perform(client, new VersionedKv.Get("k" + key), true));
        }
      }
      return Linearizability.check(
          new VersionedKv().toModel(),
          recorder.history(),
          Options.DEFAULT.withTimeout(Duration.ofMinutes(2)));
    }

    long indefinite() {
      return recorder.history().operations().stream()
          .filter(operation -> operation.outcome() == Outcome.INFO)
          .count();
    }

    @Override
    public void close() {
      stopping = true;
      clients.forEach(TidemarkClient::close);
    }

    @Override
    public String toString() {
      int all = recorder.history().size();
      return "%d operations, %d of unknown outcome (%.2f %%), at most %d under way, %d cuts"
          .formatted(all, indefinite(), 100.0 * indefinite() / all, inFlightMax.get(), cuts);
    }
  }
}
