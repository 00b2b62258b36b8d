package io.tidemark.cli;

import io.tidemark.base.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// Says how far a long walk has come: as a bar on a terminal, otherwise as a line now and then.
/// Called by one thread.
final class Progress implements AutoCloseable {
  /// How it is shown.
  enum Style {
    /// A bar where standard error is a terminal, otherwise lines.
    AUTO,
    /// A bar.
    BAR,
    /// A line every few seconds.
    LINES,
    /// Nothing.
    NONE
  }

  private static final long LINE_NANOS = 5_000_000_000L;
  private static final int BAR_COLUMNS = 100;

  private final PrintStream err;
  private final String task;
  private final Style style;
  private final long bytesTotal;
  private final long startNanos;
  private final @Nullable ProgressBar bar;
  private long lineNanos;

  /// @param bytesTotal how many bytes there are to do; negative where that is not known
  /// @param bytesDone how many were done before
  Progress(PrintStream err, String task, Style wanted, long bytesTotal, long bytesDone) {
    this.err = err;
    this.task = task;
    this.style = wanted != Style.AUTO ? wanted : isTerminal() ? Style.BAR : Style.LINES;
    this.bytesTotal = bytesTotal;
    this.startNanos = Clock.SYSTEM.nanoTime();
    this.lineNanos = startNanos;
    this.bar =
        style != Style.BAR
            ? null
            : new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(bytesTotal)
                .setUnit(" MB", 1_000_000)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(err, BAR_COLUMNS))
                .startsFrom(bytesDone, java.time.Duration.ZERO)
                .build();
  }

  /// So many records and bytes are done, `records` of them in this run.
  void show(long records, long bytes) {
    long now = Clock.SYSTEM.nanoTime();
    if (bar != null) {
      bar.stepTo(bytes);
      bar.setExtraMessage(" " + records + " records, " + rate(records, now));
    } else if (style == Style.LINES && now - lineNanos >= LINE_NANOS) {
      lineNanos = now;
      String percent =
          bytesTotal > 0 ? String.format(Locale.ROOT, ", %d %%", 100 * bytes / bytesTotal) : "";
      err.println(
          "tidemark: " + task + ": " + records + " records" + percent + ", " + rate(records, now));
    }
  }

  /// The last word: so many records in all.
  void done(String summary, long records) {
    close();
    long now = Clock.SYSTEM.nanoTime();
    err.println(
        String.format(
            Locale.ROOT,
            "tidemark: %s in %.1f s, %s",
            summary,
            (now - startNanos) / 1e9,
            rate(records, now)));
  }

  private String rate(long records, long now) {
    double seconds = Math.max(1e-3, (now - startNanos) / 1e9);
    return String.format(Locale.ROOT, "%.0f records/s", records / seconds);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  /// Whether standard error is a terminal, where that can be told without native code: on Linux.
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException elsewhere) {
      return false;
    }
  }
}
