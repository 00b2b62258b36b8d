package io.tidemark.verify;

import io.tidemark.base.Bytes;
import io.tidemark.client.KeyRange;
import io.tidemark.client.ScanRequest;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkException;
import io.tidemark.porcupine.Fault;
import io.tidemark.porcupine.HistoryRecorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The clients of one load, with the record of what they saw.
///
/// A client waits its turn, draws an operation, sends it and records it, one at a time. After an
/// operation of unknown outcome it goes on as a new client. Now and then a client gives a write up
/// almost as soon as it was sent, so that unknown outcomes are common whatever else happens.
final class Crew<I, O> {
  private static final int HASTY_ONE_IN = 25;
  private static final long HASTE_NANOS_MAX = Duration.ofMillis(2).toNanos();
  private static final long WAIT_AT_THE_END_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(100).toNanos();
  private static final int PAUSE_MILLIS_MIN = 20;
  private static final int PAUSE_MILLIS_SPREAD = 80;

  private final Plan plan;
  private final Mix<I, O> mix;
  private final List<String> keys;
  private final Connections connections;
  private final HistoryRecorder<I, O> recorder;
  private final List<Thread> workers = new ArrayList<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final LongAdder answered = new LongAdder();
  private final LongAdder acknowledgedWrites = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder indefinite = new LongAdder();
  private final AtomicReference<@Nullable Throwable> bug = new AtomicReference<>();
  private volatile boolean stopping;

  Crew(Plan plan, Mix<I, O> mix, Connections connections) {
    this.plan = plan;
    this.mix = mix;
    this.connections = connections;
    this.keys = IntStream.range(0, plan.keys()).mapToObj(i -> "k" + i).toList();
    int endsMax = (plan.keys() + 1) * (plan.endpoints().size() + 1) * 1_000;
    this.recorder =
        new HistoryRecorder<>(System::nanoTime, plan.operationsMax() + plan.clients() + endsMax);
  }

  /// Finds every key empty, as part of the record, and sets the clients going.
  ///
  /// @throws TidemarkException if an endpoint does not answer
  /// @throws KeysExistException if a key begins with the plan's prefix
  void start() {
    refuseKeys();
    for (String endpoint : plan.endpoints()) {
      var client = connections.open(endpoint, plan.patience(), plan.seed());
      int reader = recorder.newClient();
      for (String key : keys) {
        record(client, reader, mix.read(key), ends(endpoint, Notes.START));
      }
    }
    for (int i = 0; i < plan.clients(); i++) {
      String endpoint = plan.endpoints().get(i % plan.endpoints().size());
      var worker = new Worker(i, endpoint);
      workers.add(Thread.ofVirtual().name("client-" + i).unstarted(worker::run));
    }
    workers.forEach(Thread::start);
  }

  private void refuseKeys() {
    String endpoint = plan.endpoints().getFirst();
    var client = connections.open(endpoint, plan.patience(), plan.seed());
    var all = KeyRange.prefix(Bytes.utf8(plan.prefix()));
    try (var scan = client.scan(ScanRequest.of(all).withLimit(1).withKeysOnly(true))) {
      if (scan.hasNext()) {
        throw new KeysExistException(plan.prefix());
      }
    }
  }

  Progress progress() {
    return new Progress(answered.sum(), acknowledgedWrites.sum(), refused.sum(), indefinite.sum());
  }

  /// Whether no more is sent because the plan's number of operations was had.
  boolean isExhausted() {
    return begun.get() >= plan.operationsMax();
  }

  /// Lets every client finish what it is at, and waits for them.
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
      worker.join();
    }
    Throwable thrown = bug.get();
    if (thrown != null) {
      throw new IllegalStateException("a client of the load failed by its own fault", thrown);
    }
  }

  /// Lets no client begin anything more, and waits for none.
  void cancel() {
    stopping = true;
    workers.forEach(LockSupport::unpark);
  }

  /// Writes one key more, and reads every key on every replica, as part of the record. What cannot
  /// be read within a minute is missing in it.
  void readEverything() throws InterruptedException {
    long giveUpNanos = System.nanoTime() + WAIT_AT_THE_END_NANOS;
    int number = 0;
    for (String endpoint : plan.endpoints()) {
      var client = connections.open(endpoint, plan.patience(), plan.seed());
      if (number == 0) {
        insist(client, endpoint, mix.write(Mix.BARRIER, "barrier"), giveUpNanos);
      }
      number++;
      insist(client, endpoint, mix.read(Mix.BARRIER), giveUpNanos);
      for (String key : keys) {
        insist(client, endpoint, mix.read(key), giveUpNanos);
      }
    }
    String endpoint = plan.endpoints().getFirst();
    var client = connections.open(endpoint, plan.patience(), plan.seed());
    for (I inquiry : mix.inquiries(recorder.history())) {
      insist(client, endpoint, inquiry, giveUpNanos);
    }
  }

  /// What was recorded so far, with these faults.
  Evidence<I, O> evidence(List<Fault> faults) {
    return new Evidence<>(mix, recorder.history(), faults);
  }

  /// Removes every key of the plan's prefix, and returns how many there were.
  long removeKeys() {
    try (var all =
        TidemarkClient.builder().endpoints(plan.endpoints()).deadline(plan.patience()).build()) {
      return all.deleteRange(KeyRange.prefix(Bytes.utf8(plan.prefix()))).deletedCount();
    }
  }

  private void insist(TidemarkClient client, String endpoint, I input, long giveUpNanos)
      throws InterruptedException {
    I asked = input;
    for (int again = 1; System.nanoTime() < giveUpNanos; again++) {
      try {
        record(client, recorder.newClient(), asked, ends(endpoint, Notes.END));
        return;
      } catch (TidemarkException failure) {
        if (Thread.interrupted()) {
          throw new InterruptedException("while reading everything");
        }
        if (mix.isWrite(input)) {
          asked = mix.write(Mix.BARRIER, "barrier." + again);
        }
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
    }
  }

  /// Sends one operation and records it; what it failed with is thrown on.
  private void record(TidemarkClient client, int as, I input, Map<String, String> notes) {
    record(client, as, input, new Memory("ends"), notes);
  }

  private void record(
      TidemarkClient client, int as, I input, Memory memory, Map<String, String> notes) {
    var call = recorder.invoke(as, input);
    try {
      var reply = mix.perform(client, plan.prefix(), input, memory);
      call.ok(reply.output(), Notes.both(reply.notes(), notes));
    } catch (TidemarkException failure) {
      throw recorded(call, failure, notes);
    }
  }

  /// Records a failure, and answers what to throw on.
  private RuntimeException recorded(
      HistoryRecorder<I, O>.Invocation call,
      @Nullable Throwable thrown,
      Map<String, String> notes) {
    if (!(thrown instanceof TidemarkException failure)) {
      return new IllegalStateException("not a failure of the client library", thrown);
    }
    if (failure.mayHaveHappened()) {
      call.info(String.valueOf(failure.getMessage()), notes);
    } else {
      call.fail(String.valueOf(failure.getMessage()), notes);
    }
    return failure;
  }

  private static Map<String, String> ends(String endpoint, String phase) {
    return Map.of(Notes.REPLICA, endpoint, Notes.PHASE, phase);
  }

  /// One client.
  private final class Worker {
    private final int number;
    private final Map<String, String> notes;
    private final Map<String, String> notesInHaste;
    private final TidemarkClient client;
    private final Random random;
    private final Memory memory;
    private final long turnNanos;

    private Worker(int number, String endpoint) {
      this.number = number;
      this.memory = new Memory(Integer.toString(number));
      long seed = plan.seed() * 1_000 + number;
      this.random = new Random(seed);
      this.client = connections.open(endpoint, plan.requestTimeout(), seed);
      this.notes = Map.of(Notes.REPLICA, endpoint);
      this.notesInHaste = Map.of(Notes.REPLICA, endpoint, Notes.HASTY, "yes");
      this.turnNanos = Duration.ofSeconds(plan.clients()).toNanos() / plan.operationsPerSecondMax();
    }

    private void run() {
      try {
        work();
      } catch (RuntimeException | Error thrown) {
        bug.compareAndSet(null, thrown);
      }
    }

    private void work() {
      int as = recorder.newClient();
      long due = System.nanoTime() + random.nextLong(turnNanos + 1);
      for (long turn = 0; awaitTurn(due) && mayBegin(); turn++) {
        due = Math.max(due + turnNanos, System.nanoTime() - turnNanos);
        I input = mix.draw(random, keys, number + "." + turn, memory);
        boolean inHaste = mix.isWrite(input) && random.nextInt(HASTY_ONE_IN) == 0;
        try {
          if (inHaste && !isAnsweredAtOnce(as, input)) {
            indefinite.increment();
            as = recorder.newClient();
            memory.nextReceipt();
            continue;
          }
          if (!inHaste) {
            record(client, as, input, memory, notes);
          }
          answered.increment();
          if (mix.isWrite(input)) {
            acknowledgedWrites.increment();
          }
        } catch (TidemarkException failure) {
          if (failure.mayHaveHappened()) {
            indefinite.increment();
            as = recorder.newClient();
            memory.nextReceipt();
          } else {
            refused.increment();
          }
          due = System.nanoTime() + pauseNanos();
        }
      }
    }

    /// Sends a write and gives it up if the answer is not there at once: it may still be on its
    /// way, and its answer is nobody's.
    private boolean isAnsweredAtOnce(int as, I input) {
      var call = recorder.invoke(as, input);
      var answer = new CompletableFuture<Mix.Reply<O>>();
      var own = new Memory("hasty");
      Thread.ofVirtual()
          .start(() -> {
            try {
              answer.complete(mix.perform(client, plan.prefix(), input, own));
            } catch (RuntimeException | Error failure) {
              answer.completeExceptionally(failure);
            }
          });
      try {
        var reply = answer.get(random.nextLong(HASTE_NANOS_MAX), TimeUnit.NANOSECONDS);
        call.ok(reply.output(), Notes.both(reply.notes(), notesInHaste));
        return true;
      } catch (TimeoutException givenUp) {
        call.info("the client gave up at once", notesInHaste);
        return false;
      } catch (ExecutionException failed) {
        throw recorded(call, failed.getCause(), notesInHaste);
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        call.info("the client was interrupted", notesInHaste);
        return false;
      }
    }

    /// Waits until it is due, or the load is to stop, and says whether to go on.
    private boolean awaitTurn(long due) {
      for (long left = due - System.nanoTime(); left > 0 && !stopping; ) {
        LockSupport.parkNanos(left);
        left = due - System.nanoTime();
      }
      return !stopping;
    }

    private boolean mayBegin() {
      return begun.get() < plan.operationsMax() && begun.getAndIncrement() < plan.operationsMax();
    }

    private long pauseNanos() {
      return Duration.ofMillis(PAUSE_MILLIS_MIN + random.nextInt(PAUSE_MILLIS_SPREAD)).toNanos();
    }
  }
}
