package io.tidemark.replica;

import io.tidemark.base.Bytes;
import io.tidemark.log.Appended;
import io.tidemark.log.Log;
import io.tidemark.log.LogInfo;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.Tail;
import io.tidemark.log.journal.JournalConfig;
import io.tidemark.log.journal.JournalLog;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.statemachine.RocksView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Writes and strong reads per second in one process, beside what the log and the view alone do in
/// the same run. A program, not a test: `ReplicaBench [SECONDS [WHAT]]`, where WHAT is part of the
/// names of the lines to run.
final class ReplicaBench {
  private static final int KEYS = 100_000;
  private static final int[] IN_FLIGHT = {1, 64, 256};
  private static final Bytes VALUE = Bytes.wrap(new byte[100]);
  private static final Bytes RECORD = Bytes.wrap(new byte[150]);

  private final long seconds;
  private final String what;
  private final SplittableRandom random = new SplittableRandom(1);

  private ReplicaBench(long seconds, String what) {
    this.seconds = seconds;
    this.what = what;
  }

  public static void main(String[] args) throws Exception {
    var bench =
        new ReplicaBench(
            args.length > 0 ? Long.parseLong(args[0]) : 3, args.length > 1 ? args[1] : "");
    bench.run("journal", directory -> JournalLog.open(JournalConfig.of(directory)));
    bench.run("memory", directory -> new MemoryLog(new UUID(1, 1), 8L << 30));
    bench.run("elsewhere", directory -> new Elsewhere(new MemoryLog(new UUID(1, 1), 8L << 30)));
  }

  private interface Opener {
    Log open(Path directory);
  }

  private void run(String kind, Opener opener) throws Exception {
    for (int inFlight : IN_FLIGHT) {
      withDirectory(directory -> {
        try (Log log = opener.open(directory.resolve("log"))) {
          measure(kind + " bare append", inFlight, () -> log.append(List.of(RECORD), NONE));
        }
      });
      withDirectory(directory -> {
        try (Log log = opener.open(directory.resolve("log"));
            Replica replica = Replica.open(ReplicaConfig.of(directory.resolve("view"), log))) {
          measure(kind + " put", inFlight, () -> replica.put(key(), VALUE));
        }
      });
    }
    withDirectory(directory -> reads(kind, opener, directory));
  }

  private void reads(String kind, Opener opener, Path directory) throws Exception {
    try (Log log = opener.open(directory.resolve("log"))) {
      var config = ReplicaConfig.of(directory.resolve("view"), log);
      try (Replica replica = Replica.open(config)) {
        for (int i = 0; i < KEYS; i += 1_000) {
          CompletableFuture<?> last = CompletableFuture.completedFuture(0);
          for (int j = i; j < i + 1_000; j++) {
            last = replica.put(key(j), VALUE);
          }
          last.join();
        }
        for (int inFlight : IN_FLIGHT) {
          measure(
              kind + " strong get",
              inFlight,
              () -> replica.get(key(), ReadConsistency.LINEARIZABLE));
        }
        measure(kind + " local get", 1, () -> replica.get(key(), ReadConsistency.LOCAL));
      }
      try (RocksView view = RocksView.open(config.directory(), config.memoryBytes())) {
        measure(
            kind + " bare get",
            1,
            () -> {
              var _ = view.get(key());
              return DONE;
            });
      }
    }
  }

  private static final Precondition NONE = Precondition.NONE;
  private static final CompletableFuture<Object> DONE =
      CompletableFuture.completedFuture(new Object());

  private Bytes key() {
    return key(random.nextInt(KEYS));
  }

  private static Bytes key(int number) {
    return Bytes.utf8("key-%08d".formatted(number));
  }

  private void measure(String name, int inFlight, Supplier<CompletableFuture<?>> call)
      throws Exception {
    if (!name.contains(what)) {
      return;
    }
    loop(inFlight, seconds * 500_000_000, call);
    double fsyncs = fsyncsPerSecond();
    long began = System.nanoTime();
    long calls = loop(inFlight, seconds * 1_000_000_000, call);
    double took = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        "%-24s in flight %3d: %,10.0f/s  %8.1f us each  (fsync probe %,.0f/s)%n",
        name, inFlight, calls / took, took * 1e6 * inFlight / calls, fsyncs);
  }

  private static long loop(int inFlight, long nanos, Supplier<CompletableFuture<?>> call)
      throws InterruptedException {
    long end = System.nanoTime() + nanos;
    var free = new Semaphore(inFlight);
    long calls = 0;
    while (System.nanoTime() < end) {
      if (inFlight == 1) {
        call.get().join();
      } else {
        free.acquire();
        var _ = call.get().whenComplete((_, _) -> free.release());
      }
      calls++;
    }
    free.acquire(inFlight);
    return calls;
  }

  private static double fsyncsPerSecond() throws IOException {
    Path file = Files.createTempFile("fsync", "probe");
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1 << 20), 0);
      channel.force(true);
      long began = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        channel.write(ByteBuffer.allocate(4_096), i * 4_096L);
        channel.force(false);
      }
      return 100 / ((System.nanoTime() - began) / 1e9);
    } finally {
      Files.delete(file);
    }
  }

  private interface InDirectory {
    void run(Path directory) throws Exception;
  }

  private static void withDirectory(InDirectory action) throws Exception {
    Path directory = Files.createTempDirectory("replica-bench");
    try {
      action.run(directory);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /// A log whose answers come from another thread, as they do from another process.
  private static final class Elsewhere implements Log {
    private final Log log;
    private final ExecutorService wire =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("wire").factory());

    private Elsewhere(Log log) {
      this.log = log;
    }

    @Override
    public CompletableFuture<LogInfo> describe() {
      return log.describe();
    }

    @Override
    public CompletableFuture<Appended> append(List<Bytes> records, Precondition precondition) {
      return CompletableFuture.supplyAsync(() -> log.append(records, precondition).join(), wire);
    }

    @Override
    public CompletableFuture<Tail> checkTail() {
      return CompletableFuture.supplyAsync(() -> log.checkTail().join(), wire);
    }

    @Override
    public LogReader read(long from) {
      return log.read(from);
    }

    @Override
    public CompletableFuture<Long> trim(long upTo) {
      return log.trim(upTo);
    }

    @Override
    public CompletableFuture<Tail.Sealed> seal() {
      return log.seal();
    }

    @Override
    public CompletableFuture<Void> fence(Bytes token) {
      return log.fence(token);
    }

    @Override
    public void close() {
      wire.shutdown();
      log.close();
    }
  }
}
