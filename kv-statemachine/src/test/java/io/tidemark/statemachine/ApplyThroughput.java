package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.rocksdb.WriteBatch;

/// Measures how fast records are applied and keys are read, beside RocksDB alone in the same run.
///
/// Run it with the test class path; arguments: records per round, rounds. It prints operations per
/// second of wall time and the processor time of each operation, which a busy machine disturbs
/// less.
final class ApplyThroughput {
  private static final long MEMORY_BYTES = 1L << 30;
  private static final int SESSIONS = 16;
  private static final Bytes VALUE = Bytes.wrap(new byte[100]);

  private final int records;
  private final Path root;

  private ApplyThroughput(int records, Path root) {
    this.records = records;
    this.root = root;
  }

  public static void main(String[] args) throws Exception {
    Path root = Files.createTempDirectory("apply-throughput");
    try {
      var program = new ApplyThroughput(Integer.parseInt(args[0]), root);
      for (int round = 1; round <= Integer.parseInt(args[1]); round++) {
        System.out.println("round " + round);
        for (int commitEvery : new int[] {1, 64, 512}) {
          program.bare(commitEvery);
          program.puts(commitEvery, false);
          program.puts(commitEvery, true);
        }
        program.gets();
      }
    } finally {
      delete(root);
    }
  }

  /// 16 bytes in hashed order; the same keys in every run.
  private static Bytes key(long i) {
    byte[] key = new byte[16];
    var random = new SplittableRandom(i);
    random.nextBytes(key);
    return Bytes.wrap(key);
  }

  private void bare(int commitEvery) throws Exception {
    Path directory = Files.createTempDirectory(root, "bare");
    try (var view = RocksView.open(directory, MEMORY_BYTES);
        var batch = new WriteBatch()) {
      var store = view.store();
      measure(
          "RocksDB alone, batches of " + commitEvery,
          () -> {
            for (int i = 0; i < records; i++) {
              batch.put(Rows.userKey(key(i)).unsafeArray(), VALUE.unsafeArray());
              if ((i + 1) % commitEvery == 0) {
                store.db.write(store.writeOptions, batch);
                batch.clear();
              }
            }
            return null;
          });
    }
    delete(directory);
  }

  private void puts(int commitEvery, boolean requests) throws Exception {
    Path directory = Files.createTempDirectory(root, "view");
    try (var view = RocksView.open(directory, MEMORY_BYTES)) {
      var machine = new StateMachine(view);
      for (int i = 1; i <= SESSIONS; i++) {
        machine.apply(
            i,
            new Proposal(1, 1, Optional.empty(), 1, new Command.OpenSession()),
            Views.RECORD_BYTES);
      }
      measure(
          "puts%s, commits of %d".formatted(requests ? " with request ids" : "", commitEvery),
          () -> {
            for (int i = 0; i < records; i++) {
              Optional<RequestId> id =
                  requests
                      ? Optional.of(new RequestId(1 + i % SESSIONS, 1 + i / SESSIONS))
                      : Optional.empty();
              long position = SESSIONS + 1L + i;
              machine.apply(
                  position,
                  new Proposal(1, i, id, i, new Command.Put(key(i), VALUE)),
                  Views.RECORD_BYTES);
              if ((i + 1) % commitEvery == 0) {
                machine.commit(position + 1);
              }
            }
            return null;
          });
    }
    delete(directory);
  }

  private void gets() throws Exception {
    Path directory = Files.createTempDirectory(root, "gets");
    try (var view = RocksView.open(directory, MEMORY_BYTES);
        var threads = Executors.newFixedThreadPool(2)) {
      var machine = new StateMachine(view);
      for (int i = 0; i < records; i++) {
        machine.apply(i + 1, new Proposal(1, i, Optional.empty(), i, put(i)), Views.RECORD_BYTES);
        if (i % 512 == 0) {
          machine.commit(machine.applied());
        }
      }
      machine.commit(machine.applied());
      view.store().flush();
      read(view);
      var store = view.store();
      measure(
          "RocksDB alone, warm gets",
          () -> {
            for (int i = 0; i < records; i++) {
              if (store.db.get(store.readOptions, Rows.userKey(key(i)).unsafeArray()) == null) {
                throw new AssertionError("a key is missing");
              }
            }
            return null;
          });
      measure("warm gets", () -> read(view));
      measure("warm gets from memory alone", () -> readFromMemory(view));
      measure(
          "warm gets on 2 threads, so many each",
          () -> {
            var other = threads.submit(() -> read(view));
            read(view);
            return other.get();
          });
    }
    delete(directory);
  }

  private static Command put(int i) {
    return new Command.Put(key(i), VALUE);
  }

  private Void read(RocksView view) {
    for (int i = 0; i < records; i++) {
      if (view.get(key(i)).isEmpty()) {
        throw new AssertionError("a key is missing");
      }
    }
    return null;
  }

  private Void readFromMemory(RocksView view) {
    for (int i = 0; i < records; i++) {
      if (view.getIfInMemory(key(i)).isEmpty()) {
        throw new AssertionError("a key is not in memory");
      }
    }
    return null;
  }

  private void measure(String what, Callable<Void> work) throws Exception {
    var process =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = process.getProcessCpuTime();
    long begun = System.nanoTime();
    work.call();
    long nanos = System.nanoTime() - begun;
    cpu = process.getProcessCpuTime() - cpu;
    System.out.printf(
        "  %-40s %9.0f /s  %6.2f us cpu each%n",
        what, records * 1e9 / nanos, (double) cpu / records / 1_000);
  }

  private static void delete(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
