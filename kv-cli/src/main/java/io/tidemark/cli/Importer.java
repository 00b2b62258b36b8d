package io.tidemark.cli;

import io.tidemark.base.Bytes;
import io.tidemark.base.Clock;
import io.tidemark.client.AsyncTidemarkClient;
import io.tidemark.client.InvalidRequestException;
import io.tidemark.client.PutResult;
import io.tidemark.client.TidemarkException;
import io.tidemark.client.TooLargeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Writes the lines of a file, many at once, and knows up to where all of them are acknowledged.
///
/// Lines are settled in their order, oldest first. A key that is still under way is waited for
/// before it is written again: writes under way at once have no order among them, and the last line
/// of a key must win. One thread runs it.
final class Importer {
  /// What there is to do.
  ///
  /// @param name the file as the user named it
  /// @param skip whether a wrong line is left out rather than the end
  /// @param inFlight how many writes may be under way
  /// @param from where the reader stands
  /// @param path the file beside which checkpoints are saved; absent for standard input
  record Plan(
      String name,
      LineFormat format,
      boolean skip,
      int inFlight,
      Checkpoint from,
      @Nullable Path path,
      PrintStream err) {}

  private static final long SAVE_NANOS = 1_000_000_000L;
  private static final long IN_FLIGHT_BYTES_MAX = 64L << 20;

  /// A line that was read.
  ///
  /// @param write its write; absent for a line that is left out
  private record Line(
      long number,
      long endOffset,
      Bytes key,
      long bytes,
      @Nullable CompletableFuture<PutResult> write) {}

  private final AsyncTidemarkClient client;
  private final Plan plan;
  private final Progress progress;
  private final Deque<Line> underWay = new ArrayDeque<>();
  private final Map<Bytes, Line> latestOfKey = new HashMap<>();
  private long bytesUnderWay;
  private long imported;
  private long skipped;
  private Checkpoint settled;
  private long savedNanos = Clock.SYSTEM.nanoTime() - SAVE_NANOS;

  Importer(AsyncTidemarkClient client, Plan plan, Progress progress) {
    this.client = client;
    this.plan = plan;
    this.progress = progress;
    this.settled = plan.from();
  }

  /// Imports to the end, or to what stops it, and answers the exit code.
  int run(LineReader lines) throws IOException, InterruptedException {
    Exception failure = null;
    try {
      var line = new ByteArrayOutputStream();
      while (lines.next(line)) {
        read(lines, line);
      }
      while (!underWay.isEmpty()) {
        settleOldest();
      }
    } catch (Stopped stopped) {
      failure = stopped.why;
    }
    return failure == null ? finished() : stopped(failure);
  }

  private void read(LineReader lines, ByteArrayOutputStream line)
      throws IOException, InterruptedException, Stopped {
    LineFormat.Pair pair;
    try {
      pair = pair(lines, line);
    } catch (LineFormat.BadLine bad) {
      wrong(lines.number(), String.valueOf(bad.getMessage()));
      underWay.add(new Line(lines.number(), lines.offset(), Bytes.EMPTY, 0, null));
      return;
    }
    if (pair == null) {
      underWay.add(new Line(lines.number(), lines.offset(), Bytes.EMPTY, 0, null));
      return;
    }
    long bytes = (long) pair.key().length() + pair.value().length();
    while (underWay.size() >= plan.inFlight()
        || (bytesUnderWay + bytes > IN_FLIGHT_BYTES_MAX && !underWay.isEmpty())
        || latestOfKey.containsKey(pair.key())) {
      settleOldest();
    }
    var written =
        new Line(
            lines.number(),
            lines.offset(),
            pair.key(),
            bytes,
            client.put(pair.key(), pair.value()));
    underWay.add(written);
    latestOfKey.put(pair.key(), written);
    bytesUnderWay += bytes;
  }

  /// What the line holds; nothing where it is empty.
  private LineFormat.@Nullable Pair pair(LineReader lines, ByteArrayOutputStream line)
      throws LineFormat.BadLine {
    if (lines.isTooLong()) {
      throw new LineFormat.BadLine("longer than " + LineReader.LINE_BYTES_MAX + " bytes");
    }
    byte[] bytes = line.toByteArray();
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\r') {
      length--;
    }
    if (length == 0) {
      return null;
    }
    var text = Utf8.text(bytes, 0, length);
    if (text.isEmpty()) {
      throw new LineFormat.BadLine("not UTF-8");
    }
    return plan.format().decode(text.get());
  }

  private void settleOldest() throws IOException, InterruptedException, Stopped {
    Line oldest = underWay.element();
    CompletableFuture<PutResult> write = oldest.write();
    if (write != null) {
      try {
        write.get();
        imported++;
      } catch (ExecutionException failed) {
        refused(oldest, failed);
      }
      latestOfKey.remove(oldest.key());
      bytesUnderWay -= oldest.bytes();
    }
    underWay.remove();
    settled = new Checkpoint(oldest.endOffset(), oldest.number());
    progress.show(imported, settled.offset());
    long now = Clock.SYSTEM.nanoTime();
    if (now - savedNanos >= SAVE_NANOS) {
      savedNanos = now;
      save();
    }
  }

  private void refused(Line line, ExecutionException failed) throws Stopped {
    Throwable why = failed.getCause();
    if (why instanceof InvalidRequestException || why instanceof TooLargeException) {
      wrong(line.number(), String.valueOf(why.getMessage()));
    } else if (why instanceof TidemarkException known) {
      throw new Stopped(known);
    } else {
      throw new IllegalStateException(failed);
    }
  }

  private void wrong(long number, String why) throws Stopped {
    plan.err().println("tidemark: " + plan.name() + ":" + number + ": " + why);
    if (!plan.skip()) {
      throw new Stopped(
          new Errors.Failed(
              "stopped at line "
                  + number
                  + "; mend it and go on with --resume, or leave such lines out with --on-error"
                  + " skip"));
    }
    skipped++;
  }

  private int finished() throws IOException {
    if (plan.path() != null) {
      Files.deleteIfExists(Checkpoint.pathOf(plan.path()));
    }
    String left = skipped == 0 ? "" : ", " + skipped + " lines left out";
    progress.done("imported " + imported + " records" + left, imported);
    return ExitCode.OK;
  }

  /// What is under way is waited for up to the first that failed, so that the checkpoint is as far
  /// on as can be.
  private int stopped(Exception why) throws IOException, InterruptedException {
    try {
      while (!underWay.isEmpty() && isDone(underWay.element())) {
        settleOldest();
      }
    } catch (Stopped settled) {
      throw new IllegalStateException("what is done does not stop the import", settled);
    }
    save();
    progress.done("imported " + imported + " records, not all", imported);
    String resume =
        plan.path() == null
            ? ""
            : " (everything before line "
                + (settled.lines() + 1)
                + " is acknowledged; --resume goes on there)";
    plan.err().println("tidemark: " + Errors.describe(why) + resume);
    return Errors.codeOf(why);
  }

  private static boolean isDone(Line line) throws InterruptedException {
    CompletableFuture<PutResult> write = line.write();
    try {
      if (write != null) {
        write.get();
      }
      return true;
    } catch (ExecutionException failed) {
      return false;
    }
  }

  private void save() throws IOException {
    if (plan.path() != null) {
      settled.save(plan.path());
    }
  }

  /// The import goes no further.
  private static final class Stopped extends Exception {
    private static final long serialVersionUID = 1;
    private final Exception why;

    Stopped(Exception why) {
      super(why);
      this.why = why;
    }
  }
}
