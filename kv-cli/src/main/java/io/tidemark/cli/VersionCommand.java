package io.tidemark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `version`: says which version this is.
@Command(name = "version", description = "Say which version this is, and on which Java it runs.")
public final class VersionCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean unusedHelpRequested;

  VersionCommand(Streams streams) {
    this.streams = streams;
  }

  /// The version of this program, as built.
  public static String version() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            VersionCommand.class.getResourceAsStream("version.properties"),
            "built with a version")) {
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    }
  }

  @Override
  public Integer call() throws IOException {
    OutputStream out = streams.out();
    ClientCommand.println(out, "tidemark " + version() + " (Java " + Runtime.version() + ")");
    out.flush();
    return ExitCode.OK;
  }
}
