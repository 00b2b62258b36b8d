package io.tidemark.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// One run of the `tidemark` command as a process of its own. What it prints is kept.
final class Program implements AutoCloseable {
  private static final long WAIT_SECONDS_MAX = 60;

  private final String name;
  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<Awaited> awaited = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private record Awaited(Pattern pattern, CompletableFuture<String> line) {}

  private Program(String name, Process process) {
    this.name = name;
    this.process = process;
    this.reader = Thread.ofVirtual().name("output-of-" + name).start(this::readOutput);
  }

  /// Starts `tidemark` with these arguments on this test's class path.
  static Program start(String name, Path directory, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.tidemark.dist.Main");
    command.addAll(arguments);
    try {
      return new Program(
          name,
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits for a line of output that matches, past or to come.
  String awaitLine(String regex) {
    var pattern = Pattern.compile(regex);
    var found = new CompletableFuture<String>();
    awaited.add(new Awaited(pattern, found));
    lines.stream().filter(line -> pattern.matcher(line).find()).forEach(found::complete);
    try {
      return found.get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
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
    process.destroy();
    return awaitExit();
  }

  /// `SIGSTOP`: it stays, and does nothing.
  void freeze() {
    signal("-STOP");
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
