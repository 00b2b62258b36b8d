package io.tidemark.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C, for a command that then brings what it does to an end of its own. While this is open the
/// process ends, if it is interrupted, when the command has finished, and with its exit code.
final class Interrupt implements AutoCloseable {
  private static final long WAIT_MINUTES_MAX = 5;

  private final Thread hook = new Thread(this::interrupted, "interrupt");
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean asked;
  private volatile int code = ExitCode.PROVES_NOTHING;

  Interrupt() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Whether the command is to come to its end.
  boolean isAsked() {
    return asked;
  }

  /// The command has written all it has to write.
  void finished(int exitCode) {
    code = exitCode;
  }

  @Override
  public void close() {
    if (!asked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException goingDown) {
        // The interrupt came this moment: the hook waits for nothing more.
      }
    }
    finished.countDown();
  }

  private void interrupted() {
    asked = true;
    try {
      if (finished.await(WAIT_MINUTES_MAX, TimeUnit.MINUTES)) {
        Runtime.getRuntime().halt(code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
