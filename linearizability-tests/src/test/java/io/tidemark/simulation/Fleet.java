package io.tidemark.simulation;

import com.google.gson.Gson;
import io.tidemark.simulation.SwarmConfig.LogKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

/// Many worlds, in several processes: worlds of one process share the monitors of its JDK, and
/// where a thread of one met another's there, neither would go by its seed alone. So each process
/// runs one world at a time, and there is one for each processor.
final class Fleet {
  private static final Path DIRECTORY = Path.of("target", "simulation");
  private static final Gson GSON = new Gson();

  private Fleet() {}

  /// Which worlds: of each kind so many, those of the first seeds from `first` on that are of it.
  record Voyage(long first, Map<LogKind, Integer> worlds) {
    /// The seeds of all of them, kind by kind.
    List<Long> seeds() {
      var seeds = new ArrayList<Long>();
      for (LogKind kind : LogKind.values()) {
        LongStream.iterate(first, seed -> seed + 1)
            .filter(seed -> Simulation.config(seed).log() == kind)
            .limit(worlds.getOrDefault(kind, 0))
            .forEach(seeds::add);
      }
      return seeds;
    }
  }

  /// Runs them all.
  ///
  /// @throws TooSlowException if that takes longer than `limit`
  static List<Tally> run(Voyage voyage, int processes, Duration limit) throws Exception {
    Files.createDirectories(DIRECTORY);
    var tallies = new ArrayList<Tally>();
    var running = new ArrayList<Process>();
    try (var readers = Executors.newFixedThreadPool(processes)) {
      try {
        long endNanos = System.nanoTime() + limit.toNanos();
        var parts = new ArrayList<Future<List<Tally>>>();
        for (int part = 0; part < processes; part++) {
          Path errors = DIRECTORY.resolve("process-" + part + ".log");
          Process process = start(voyage, part, processes, errors);
          running.add(process);
          parts.add(readers.submit(() -> read(process, errors)));
        }
        for (Future<List<Tally>> part : parts) {
          tallies.addAll(part.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS));
        }
      } catch (TimeoutException _) {
        throw new TooSlowException(voyage, processes, limit);
      } catch (ExecutionException failure) {
        throw new AssertionError("a process of worlds failed", failure.getCause());
      } finally {
        running.forEach(Process::destroyForcibly);
      }
    }
    return tallies;
  }

  private static Process start(Voyage voyage, int part, int parts, Path errors) throws IOException {
    var arguments = new ArrayList<String>();
    arguments.add(String.valueOf(part));
    arguments.add(String.valueOf(parts));
    arguments.add(GSON.toJson(voyage));
    // Little that lives long, and no threads of a collector that take the other's processor.
    return FreshJvm.start(
        Fleet.class,
        List.of("-Xmx384m", "-XX:+UseSerialGC"),
        arguments,
        ProcessBuilder.Redirect.to(errors.toFile()));
  }

  private static List<Tally> read(Process process, Path errors) throws Exception {
    var tallies = new ArrayList<Tally>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        tallies.add(GSON.fromJson(line, Tally.class));
      }
    }
    if (process.waitFor() != 0) {
      throw new AssertionError(
          "it ended with "
              + process.exitValue()
              + " after "
              + tallies.size()
              + " worlds, see "
              + errors.toAbsolutePath());
    }
    return tallies;
  }

  /// Runs one part of a voyage and prints a line for each world.
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    // What is logged must not get between.
    System.setOut(System.err);
    int part = Integer.parseInt(arguments[0]);
    int parts = Integer.parseInt(arguments[1]);
    List<Long> seeds = GSON.fromJson(arguments[2], Voyage.class).seeds();
    for (int i = part; i < seeds.size(); i += parts) {
      out.println(GSON.toJson(Tally.of(seeds.get(i))));
      if (out.checkError()) {
        // Whoever wanted to know is gone.
        return;
      }
    }
  }

  /// Not all worlds were run in time: what was run says nothing of the rest.
  static final class TooSlowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private TooSlowException(Voyage voyage, int processes, Duration limit) {
      super(
          "the worlds "
              + voyage.worlds()
              + " did not end within "
              + limit.toMinutes()
              + " minutes on "
              + processes
              + " processors. Fewer would prove less, so none were left out. If this machine is"
              + " slow or busy, give it time: -Dsimulation.minutes=60. If it is not, worlds have"
              + " become expensive: profile one, by -Dseed=1, and make it cheaper.");
    }
  }
}
