package io.tidemark.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The verbs as a process of their own.
final class CliMain {
  @Command(name = "tidemark")
  private static final class Root {}

  private CliMain() {}

  public static void main(String[] args) {
    var line = new CommandLine(new Root());
    ClientCommands.addTo(line, args, Streams.ofProcess());
    System.exit(line.execute(args));
  }
}
