package io.tidemark.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// One run of the `tidemark` command as a process of its own. What it prints is kept.
final class Program implements AutoCloseable {
  private static final long WAIT_SECONDS_MAX = 60;

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    // Whoever interrupts the tests finds none of their processes afterwards.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final String name;
  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<Awaited> awaited = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private record Awaited(Pattern pattern, CompletableFuture<String> line) {}

  private Program(String name, Process process) {
    this.name = name;
    this.process = process;
    // A virtual thread would keep its carrier while it reads, and there are few.
    this.reader = Thread.ofPlatform().daemon().name("output-of-" + name).start(this::readOutput);
    RUNNING.add(process);
  }

  /// Starts `tidemark` with these arguments on this test's class path.
  static Program start(String name, Path directory, List<String> arguments) {
    return start(name, directory, Launch.PLAIN, arguments);
  }

  /// Starts it in another way.
  static Program start(String name, Path directory, Launch launch, List<String> arguments) {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"));
    var builder =
        new ProcessBuilder(launch.command(java, arguments))
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(launch.environment());
    try {
      return new Program(name, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits for a line of output that matches, past or to come.
  String awaitLine(String regex) {
    return awaitLine(regex, Duration.ofSeconds(WAIT_SECONDS_MAX));
  }

  /// The same within so long.
  String awaitLine(String regex, Duration limit) {
    var pattern = Pattern.compile(regex);
    var found = new CompletableFuture<String>();
    awaited.add(new Awaited(pattern, found));
    lines.stream().filter(line -> pattern.matcher(line).find()).forEach(found::complete);
    try {
      return found.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new AssertionError(
          name + " printed no line like \"" + regex + "\" but:\n" + output(), e);
    }
  }

  /// Waits for the process to end by itself, and returns its exit code.
  int awaitExit() {
    try {
      if (!process.waitFor(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError(name + " did not end:\n" + output());
      }
      reader.join();
      RUNNING.remove(process);
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Everything it printed so far.
  String output() {
    return String.join("\n", lines);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// `kill -9`, and waits until it is gone.
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /// Asks it to end, as an operator would, and returns its exit code.
  int terminate() {
    // Process.destroy() would close its output as well.
    signal("-TERM");
    return awaitExit();
  }

  /// `SIGSTOP`: it stays, and does nothing.
  void freeze() {
    signal("-STOP");
  }

  /// Whether it does nothing because of [#freeze].
  boolean isFrozen() {
    try {
      String stat = Files.readString(Path.of("/proc", "" + process.pid(), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `SIGCONT`.
  void thaw() {
    signal("-CONT");
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  private void signal(String signal) {
    try {
      int code = new ProcessBuilder("kill", signal, "" + process.pid()).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill " + signal + " failed with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void readOutput() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        String printed = line;
        lines.add(printed);
        awaited.stream()
            .filter(one -> one.pattern().matcher(printed).find())
            .forEach(one -> one.line().complete(printed));
      }
    } catch (IOException e) {
      lines.add("(output ended: " + e.getMessage() + ")");
    }
    var ended = new IllegalStateException(name + " has ended");
    awaited.forEach(one -> one.line().completeExceptionally(ended));
  }
}
