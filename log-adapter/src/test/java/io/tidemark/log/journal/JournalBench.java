package io.tidemark.log.journal;

import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Measures the journal beside the least that any log must do: a loop of write and `fdatasync` on a
/// preallocated file of the same directory. Both take turns, because the disk has moods.
///
/// Run `main` with a directory that does not exist and the seconds of one turn.
final class JournalBench {
  private static final int RECORD_BYTES = 100;
  private static final int ROUNDS = 3;
  private static final int[] IN_FLIGHT = {1, 16, 64, 256};

  private JournalBench() {}

  /// Prints a table.
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    double seconds = Double.parseDouble(arguments[1]);
    System.out.printf("%10s %14s %14s %8s%n", "in flight", "journal /s", "bare loop /s", "ratio");
    for (int inFlight : IN_FLIGHT) {
      double journal = 0;
      double bare = 0;
      for (int round = 0; round <= ROUNDS; round++) {
        double one = bare(directory.resolve("bare"), inFlight, seconds);
        double other = journal(directory.resolve("journal"), inFlight, seconds);
        // The first round warms up.
        bare += round == 0 ? 0 : one / ROUNDS;
        journal += round == 0 ? 0 : other / ROUNDS;
      }
      System.out.printf(
          Locale.ROOT, "%10d %,14.0f %,14.0f %8.2f%n", inFlight, journal, bare, journal / bare);
    }
    readBack(directory.resolve("journal"));
  }

  private static double bare(Path file, int inFlight, double seconds) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      for (int i = 0; i < 64; i++) {
        channel.write(zeros.clear(), (long) i << 20);
      }
      channel.force(true);
      ByteBuffer group = ByteBuffer.allocateDirect(RECORD_BYTES * inFlight);
      long offset = 0;
      long count = 0;
      long start = System.nanoTime();
      while (System.nanoTime() - start < seconds * 1e9) {
        channel.write(group.clear(), offset);
        channel.force(false);
        offset = (offset + group.capacity()) % (60 << 20);
        count += inFlight;
      }
      return count / ((System.nanoTime() - start) / 1e9);
    }
  }

  private static double journal(Path directory, int inFlight, double seconds) throws Exception {
    List<Bytes> batch = List.of(Bytes.wrap(new byte[RECORD_BYTES]));
    var room = new Semaphore(inFlight);
    try (Log log = JournalLog.open(JournalConfig.of(directory))) {
      long count = 0;
      long start = System.nanoTime();
      while (System.nanoTime() - start < seconds * 1e9) {
        room.acquire();
        var _ = log.append(batch, Precondition.NONE).whenComplete((_, _) -> room.release());
        count++;
      }
      if (!room.tryAcquire(inFlight, 30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("appends did not end");
      }
      return count / ((System.nanoTime() - start) / 1e9);
    }
  }

  private static void readBack(Path directory) throws Exception {
    try (Log log = JournalLog.open(JournalConfig.of(directory).withRecentBytes(0))) {
      long tail = log.checkTail().get().position();
      for (int round = 0; round < 3; round++) {
        long start = System.nanoTime();
        long records = 0;
        long bytes = 0;
        try (LogReader reader = log.read(log.describe().get().trimPoint())) {
          for (long place = 0; place < tail; ) {
            var next = reader.next();
            records += next.size();
            bytes += next.stream().mapToLong(found -> found.payload().length()).sum();
            place = next.getLast().position() + 1;
          }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            Locale.ROOT,
            "read back from files: %,d records, %,.0f /s, %,.0f MB/s%n",
            records,
            records / seconds,
            bytes / seconds / 1e6);
      }
    }
  }
}
