package io.tidemark.cli;

import io.tidemark.base.Bytes;
import io.tidemark.client.FakeCluster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Runs the verbs as a shell would, against a cluster in memory.
final class Shell implements AutoCloseable {
  @Command(name = "tidemark")
  private static final class Root {}

  /// What a command left behind.
  record Ran(int code, Bytes outBytes, String err) {
    String out() {
      return outBytes.utf8();
    }
  }

  private final FakeCluster cluster;

  Shell(int nodes) {
    this.cluster = new FakeCluster(nodes);
  }

  FakeCluster cluster() {
    return cluster;
  }

  /// Runs a command line; words are separated by one space.
  Ran run(String line) {
    return runWith(new byte[0], line.split(" "));
  }

  Ran run(String... args) {
    return runWith(new byte[0], args);
  }

  Ran runWith(byte[] in, String... args) {
    var all = new ArrayList<>(List.of(args));
    if (!all.contains("--endpoint") && !args[0].equals("version")) {
      all.addAll(List.of("--endpoint", String.join(",", cluster.endpoints())));
    }
    return runAsGiven(in, all.toArray(String[]::new));
  }

  static Ran runAsGiven(byte[] in, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var streams =
        new Streams(
            new ByteArrayInputStream(in), out, new PrintStream(err, true, StandardCharsets.UTF_8));
    var root = new CommandLine(new Root());
    ClientCommands.addTo(root, args, streams);
    int code = root.execute(args);
    return new Ran(code, Bytes.wrap(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    cluster.close();
  }
}
