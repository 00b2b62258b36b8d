package io.tidemark.processes;

import io.tidemark.base.Bytes;
import io.tidemark.client.Condition;
import io.tidemark.client.GetResult;
import io.tidemark.client.Operation;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkException;
import io.tidemark.client.Transaction;
import io.tidemark.porcupine.History;
import io.tidemark.porcupine.HistoryRecorder;
import io.tidemark.porcupine.model.VersionedKv;
import io.tidemark.porcupine.model.VersionedKv.Input;
import io.tidemark.porcupine.model.VersionedKv.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Clients that read and write a few keys at random, and a record of all they saw.
///
/// Every value is written once. Half of the clients know one replica only, so that each replica is
/// asked all the time; the others go wherever the client library takes them. A client whose request
/// was refused pauses a little before the next.
final class Workload implements AutoCloseable {
  private static final int KEYS = 20;
  private static final int OPERATIONS_MAX = 400_000;
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();
  private static final long PAUSE_AFTER_FAILURE_NANOS = Duration.ofMillis(50).toNanos();

  private final List<TidemarkClient> clients = new ArrayList<>();
  private final List<Thread> workers = new ArrayList<>();
  private final HistoryRecorder<Input, Output> recorder =
      new HistoryRecorder<>(System::nanoTime, OPERATIONS_MAX);
  private final LongAdder acknowledgedWrites = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder done = new LongAdder();
  private volatile boolean stopping;

  /// So many clients, spread over the endpoints; they begin at [#start].
  Workload(List<String> endpoints, int clientCount, long seed) {
    for (String endpoint : endpoints) {
      clients.add(TidemarkClient.builder().endpoints(endpoint).deadline(DEADLINE).build());
    }
    for (int i = 0; i < endpoints.size(); i++) {
      clients.add(TidemarkClient.builder().endpoints(endpoints).deadline(DEADLINE).build());
    }
    for (int i = 0; i < clientCount; i++) {
      TidemarkClient client = clients.get(i % clients.size());
      var random = new Random(seed * 1_000 + i);
      String name = "client-" + i;
      workers.add(Thread.ofVirtual().name(name).unstarted(() -> work(name, client, random)));
    }
  }

  void start() {
    workers.forEach(Thread::start);
  }

  /// Lets every client finish what it is at, and waits for them.
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread worker : workers) {
      worker.join();
    }
  }

  /// Reads every key through every client, as part of the record: what was acknowledged is there,
  /// wherever one looks.
  void readEverything() {
    for (TidemarkClient client : clients) {
      int reader = recorder.newClient();
      for (int key = 0; key < KEYS; key++) {
        var call = recorder.invoke(reader, new VersionedKv.Get("k" + key));
        call.ok(found(client.get(Bytes.utf8("k" + key))));
      }
    }
  }

  History<Input, Output> history() {
    return recorder.history();
  }

  long acknowledgedWrites() {
    return acknowledgedWrites.sum();
  }

  /// How many requests ended with an answer, so far.
  long done() {
    return done.sum();
  }

  @Override
  public String toString() {
    return "%d answered, of them %d writes; %d refused, %d of unknown outcome"
        .formatted(done.sum(), acknowledgedWrites.sum(), refused.sum(), unknown.sum());
  }

  @Override
  public void close() {
    stopping = true;
    clients.forEach(TidemarkClient::close);
  }

  private void work(String name, TidemarkClient client, Random random) {
    int recorded = recorder.newClient();
    for (long turn = 0; !stopping && done.sum() < OPERATIONS_MAX * 3L / 4; turn++) {
      String key = "k" + (random.nextInt(5) == 0 ? 0 : random.nextInt(KEYS));
      Input input = input(key, name + "/" + turn, random);
      var call = recorder.invoke(recorded, input);
      long pause = PAUSE_NANOS;
      try {
        Output output = perform(client, input);
        call.ok(output);
        done.increment();
        if (!(input instanceof VersionedKv.Get)) {
          acknowledgedWrites.increment();
        }
      } catch (TidemarkException failure) {
        pause = PAUSE_AFTER_FAILURE_NANOS;
        if (failure.mayHaveHappened()) {
          unknown.increment();
          call.info(failure.toString());
          recorded = recorder.newClient();
        } else {
          refused.increment();
          call.fail(failure.toString());
        }
      }
      LockSupport.parkNanos(pause);
    }
  }

  private static Input input(String key, String value, Random random) {
    int draw = random.nextInt(100);
    if (draw < 55) {
      return new VersionedKv.Get(key);
    }
    if (draw < 85) {
      return new VersionedKv.Put(key, value);
    }
    if (draw < 93) {
      return new VersionedKv.PutIf(key, 0, value);
    }
    return new VersionedKv.Delete(key);
  }

  private static Output perform(TidemarkClient client, Input input) {
    return switch (input) {
      case VersionedKv.Get(String key) -> found(client.get(Bytes.utf8(key)));
      case VersionedKv.Put(String key, String value) ->
          new VersionedKv.Written(client.put(Bytes.utf8(key), Bytes.utf8(value)).revision());
      case VersionedKv.PutIf(String key, long revision, String value) -> {
        var result =
            client.transact(
                Transaction.when(Condition.unchangedSince(Bytes.utf8(key), revision))
                    .then(Operation.put(Bytes.utf8(key), Bytes.utf8(value))));
        yield result.succeeded()
            ? new VersionedKv.Written(result.revision())
            : new VersionedKv.Refused();
      }
      case VersionedKv.Delete(String key) ->
          new VersionedKv.Deleted(client.delete(Bytes.utf8(key)).deleted());
    };
  }

  private static Output found(GetResult result) {
    return result
        .pair()
        .<Output>map(pair ->
            new VersionedKv.Found(pair.value().utf8(), pair.modifyRevision(), pair.version()))
        .orElseGet(VersionedKv.Missing::new);
  }
}
