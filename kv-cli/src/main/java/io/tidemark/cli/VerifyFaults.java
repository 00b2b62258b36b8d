package io.tidemark.cli;

import io.tidemark.verify.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Faults that the user's own commands make and heal, over and over while a load lasts. It is used
/// by one thread.
final class VerifyFaults {
  private static final long COMMAND_SECONDS_MAX = 60;

  @Option(
      names = "--fault",
      paramLabel = "COMMAND",
      description = "A shell command that makes a fault, every so often while the load lasts.")
  private @Nullable String fault;

  @Option(
      names = "--heal",
      paramLabel = "COMMAND",
      description = "A shell command that heals it; run half the time of --every later.")
  private @Nullable String heal;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "6s",
      converter = Converters.Time.class,
      description = "How often to make the fault (default: 6s).")
  private Duration every = Duration.ofSeconds(6);

  private Workload.@Nullable Injection open;
  private long nextNanos;

  boolean areAsked() {
    return fault != null;
  }

  void check() {
    if (heal != null && fault == null) {
      throw new ClientCommand.Usage("--heal needs a --fault");
    }
  }

  /// A load begins; the first fault comes when half the time between two has passed.
  void begin(long nowNanos) {
    open = null;
    nextNanos = nowNanos + every.toNanos() / 2;
  }

  /// Makes a fault or heals it, if it is time.
  ///
  /// @param endNanos when the load ends: no fault begins that could not be healed by then
  void step(Workload load, long nowNanos, long endNanos, PrintStream err)
      throws InterruptedException {
    String command = fault;
    if (command == null || nowNanos - nextNanos < 0) {
      return;
    }
    if (open != null) {
      heal(err);
      nextNanos = nowNanos + every.toNanos() / 2;
    } else if (endNanos - nowNanos > every.toNanos() / 2) {
      open = load.fault("fault", command);
      run("--fault", command, err);
      nextNanos = nowNanos + every.toNanos() / 2;
    }
  }

  /// Heals what is not healed.
  void heal(PrintStream err) throws InterruptedException {
    Workload.Injection injected = open;
    if (injected != null) {
      open = null;
      if (heal != null) {
        run("--heal", heal, err);
      }
      injected.end();
    }
  }

  private static void run(String option, String command, PrintStream err)
      throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("/bin/sh", "-c", command)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new Errors.Failed(
            "the command of "
                + option
                + " did not end within "
                + COMMAND_SECONDS_MAX
                + " s: let it go on in the background (`nohup ... &`)");
      }
      if (process.exitValue() != 0) {
        err.println(
            "tidemark: the command of " + option + " ended with exit code " + process.exitValue());
      }
    } catch (IOException failure) {
      throw new Errors.Failed(
          "the command of " + option + " did not start: " + failure.getMessage());
    }
  }
}
