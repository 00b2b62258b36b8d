package io.tidemark.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The tools of the machine, and what a test needs of them.
final class Shell {
  private Shell() {}

  /// Runs a command and returns what it printed; fails when it does.
  static String run(String... command) {
    Ran ran = execute(List.of(command));
    if (ran.code != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + " failed with " + ran.code + ": " + ran.output);
    }
    return ran.output;
  }

  /// Runs a command and tells whether it worked.
  static boolean tryRun(String... command) {
    return execute(List.of(command)).code == 0;
  }

  /// Why a test that needs root and these programs cannot run here; empty if it can.
  static Optional<String> lacks(String... programs) {
    if (!"0".equals(run("id", "-u").strip())) {
      return Optional.of("only root may do this");
    }
    var missing = new ArrayList<String>();
    for (String program : programs) {
      if (!has(program)) {
        missing.add(program);
      }
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("not installed: " + String.join(", ", missing));
  }

  /// Whether a program is installed.
  static boolean has(String program) {
    String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
    for (String directory : path.split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  /// Whether a process of this number lives.
  static boolean lives(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private record Ran(int code, String output) {}

  private static Ran execute(List<String> command) {
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().merge("PATH", "/usr/sbin:/sbin", (old, more) -> old + ":" + more);
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ran(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
