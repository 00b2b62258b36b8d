package io.tidemark.devs3;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// An endpoint in a process of its own, which can be killed.
record EndpointProcess(Process process, String endpoint) implements AutoCloseable {
  /// The process itself.
  ///
  /// @param args the directory
  public static void main(String[] args) throws Exception {
    var s3 = DevS3.start(DevS3Config.inMemory().withDir(Path.of(args[0])));
    System.out.println(s3.endpoint());
    // Ends with whoever started it.
    var _ = System.in.readAllBytes();
    System.exit(0);
  }

  static EndpointProcess start(Path dir) throws IOException {
    var process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    EndpointProcess.class.getName(),
                    dir.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return new EndpointProcess(process, Objects.requireNonNull(output.readLine(), "it ended"));
  }

  /// Ends it as `kill -9` does.
  void kill() {
    var _ = process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
