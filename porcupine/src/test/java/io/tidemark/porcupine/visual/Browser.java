package io.tidemark.porcupine.visual;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real browser without a window, if the machine has one.
final class Browser {
  private static final long LIMIT_SECONDS = 90;

  private final Path program;
  private final Path folder;

  private Browser(Path program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /// The browser that `porcupine.browser` names, or Chromium or Chrome from the path. It keeps its
  /// files in the folder.
  static Optional<Browser> find(Path folder) {
    String named = System.getProperty("porcupine.browser");
    Stream<Path> candidates =
        named != null
            ? Stream.of(Path.of(named))
            : Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name ->
                    Stream.of(System.getenv("PATH").split(":", -1))
                        .map(directory -> Path.of(directory, name)));
    return candidates
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new Browser(program, folder));
  }

  /// The document after its scripts ran, as text.
  String dump(Path page, String fragment) {
    return run(List.of("--dump-dom", page.toUri() + fragment));
  }

  /// A picture of the document after its scripts ran.
  void screenshot(Path page, String fragment, Path to) {
    run(List.of("--screenshot=" + to, "--hide-scrollbars", page.toUri() + fragment));
  }

  private String run(List<String> arguments) {
    try {
      Path profile = Files.createTempDirectory(folder, "profile");
      Path output = profile.resolve("output");
      List<String> command = new ArrayList<>();
      command.add(program.toString());
      command.addAll(
          List.of(
              "--headless",
              "--no-sandbox",
              "--disable-gpu",
              "--disable-quic",
              "--no-first-run",
              "--disable-background-networking",
              "--disable-component-update",
              "--disable-sync",
              "--window-size=1440,900",
              "--virtual-time-budget=4000",
              "--user-data-dir=" + profile));
      command.addAll(arguments);
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(profile.resolve("errors").toFile())
              .start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IllegalStateException("the browser did not finish: " + command);
      }
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
