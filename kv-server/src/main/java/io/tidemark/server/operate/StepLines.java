package io.tidemark.server.operate;

import io.tidemark.base.Clock;
import io.tidemark.checkpoint.ProgressListener;
import io.tidemark.checkpoint.Rebuild;
import java.io.PrintWriter;
import java.util.Locale;

/// Says on the standard error which step of a long work begins, and every few seconds how far it
/// is.
final class StepLines implements Rebuild.Steps {
  private static final long LINE_NANOS = 5_000_000_000L;

  private final PrintWriter err;
  private final String verb;
  private final Clock clock;

  StepLines(PrintWriter err, String verb, Clock clock) {
    this.err = err;
    this.verb = verb;
    this.clock = clock;
  }

  @Override
  public ProgressListener begin(String step) {
    line(step);
    var begun = clock.nanoTime();
    return new ProgressListener() {
      private long lineNanos = begun;

      @Override
      public void at(long done, long total) {
        long now = clock.nanoTime();
        if (now - lineNanos >= LINE_NANOS && total > 0) {
          lineNanos = now;
          line(String.format(Locale.ROOT, "%s: %d %%", step, percent(done, total)));
        }
      }
    };
  }

  private static long percent(long done, long total) {
    return Math.round(100.0 * done / total);
  }

  private void line(String text) {
    err.println("tidemark: " + verb + ": " + text);
    err.flush();
  }
}
