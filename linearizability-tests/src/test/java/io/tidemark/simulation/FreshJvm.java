package io.tidemark.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A JVM of its own, in which simulated worlds can run.
final class FreshJvm {
  private FreshJvm() {}

  /// Begins to run the `main` of this class.
  ///
  /// @param options of the JVM, beyond those without which no world runs
  static Process start(
      Class<?> main, List<String> options, List<String> arguments, ProcessBuilder.Redirect errors)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "-Djdk.trackAllThreads=false",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(errors).start();
  }
}
