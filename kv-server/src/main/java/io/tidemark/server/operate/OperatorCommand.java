package io.tidemark.server.operate;

import io.tidemark.base.Clock;
import io.tidemark.base.Timers;
import io.tidemark.checkpoint.CheckpointAddress;
import io.tidemark.checkpoint.CheckpointException;
import io.tidemark.checkpoint.CheckpointStore;
import io.tidemark.checkpoint.Installation;
import io.tidemark.checkpoint.Seams;
import io.tidemark.log.Log;
import io.tidemark.log.LogAddress;
import io.tidemark.log.LogException;
import io.tidemark.log.LogExistsException;
import io.tidemark.log.Logs;
import io.tidemark.log.s3.ObjectStore;
import io.tidemark.server.command.BucketOptions;
import io.tidemark.server.config.SettingsReader;
import io.tidemark.statemachine.RecordException;
import io.tidemark.statemachine.RocksView;
import io.tidemark.statemachine.ViewException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What the operators' verbs have in common: where buckets are, and one line for what went wrong.
@Command(
    preprocessor = SettingsReader.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footerHeading = "%n")
abstract class OperatorCommand implements Callable<Integer> {
  /// What a view may hold in memory while it is put together.
  private static final long VIEW_MEMORY_BYTES = 128L << 20;

  @Spec CommandSpec spec;

  @Mixin BucketOptions bucket = new BucketOptions();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A file of settings, one 'name=value' a line, names as here without the dashes."
              + " Default: none.")
  @Nullable Path config;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @SuppressWarnings("NullAway.Init") // The command line sets the spec.
  OperatorCommand() {}

  /// Does the work and answers the exit code.
  abstract int run() throws InterruptedException;

  @Override
  public final Integer call() {
    try {
      return run();
    } catch (CheckpointException
        | LogException
        | LogExistsException
        | ViewException
        | RecordException
        | Failed failure) {
      return failed(String.valueOf(failure.getMessage()));
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      return failed("interrupted; what was begun can be begun again");
    } catch (IllegalArgumentException wrong) {
      throw usage(String.valueOf(wrong.getMessage()));
    }
  }

  private int failed(String why) {
    err().println("tidemark: " + why.replaceAll("\\s*\\R\\s*", " "));
    return ExitCode.SOFTWARE;
  }

  /// The command line is wrong in a way that only the verb can tell.
  final ParameterException usage(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  final void println(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  final StepLines steps() {
    return new StepLines(err(), spec.name(), Clock.SYSTEM);
  }

  /// Says what a verb cannot do, in words that say what to do.
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }
  }

  /// The checkpoints that must be at this address, of whichever log.
  final CheckpointStore existing(CheckpointAddress address) throws InterruptedException {
    requireThere(address);
    return CheckpointStore.open(address.open(), seams(), this::foreign, Optional.empty());
  }

  /// The checkpoints of this log at this address, which are begun where there are none.
  final CheckpointStore of(CheckpointAddress address, UUID log) throws InterruptedException {
    return CheckpointStore.open(address.open(), seams(), this::foreign, Optional.of(log));
  }

  // To open a directory makes it.
  private static void requireThere(CheckpointAddress address) {
    if (address instanceof CheckpointAddress.Directory(var path) && !Files.isDirectory(path)) {
      throw new Failed("no checkpoints are at " + path + ": there is no such directory");
    }
  }

  /// Whether there are checkpoints at this address, whosever they are; makes nothing.
  final boolean isUsed(CheckpointAddress address) throws InterruptedException {
    if (address instanceof CheckpointAddress.Directory(var path) && !Files.isDirectory(path)) {
      return false;
    }
    try (var _ = existing(address)) {
      return true;
    } catch (CheckpointException.Unusable none) {
      return false;
    }
  }

  private ObjectStore foreign(String address) {
    return bucket.checkpoints(address).open();
  }

  private static Seams seams() {
    return new Seams(Clock.SYSTEM, Timers.onThread("kv-operate-timer"), new SecureRandom());
  }

  /// Opens a log that must be there.
  final Log open(LogAddress address) {
    if (!Logs.exists(address)) {
      throw new Failed("there is no log at " + address);
    }
    try {
      return Logs.open(address);
    } catch (LogException.Unavailable failure) {
      if (!(address instanceof LogAddress.Journal)) {
        throw failure;
      }
      throw new Failed(
          failure.getMessage()
              + ". Stop the server that has the journal open; or, if that is a log-server, read"
              + " through it: remote:HOST:PORT");
    }
  }

  /// Opens views to be written to.
  static Installation.Views views() {
    return directory -> RocksView.open(directory, VIEW_MEMORY_BYTES);
  }

  /// Where a state is put together: the directory of the user's, or one of its own.
  static Path scratch(@Nullable Path wanted) {
    if (wanted != null) {
      return wanted;
    }
    try {
      return Files.createTempDirectory("tidemark-");
    } catch (IOException failure) {
      throw new Failed(
          "no directory for temporary files can be made (" + failure + "); name one by --scratch");
    }
  }
}
