package io.tidemark.server.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// A process with the server's commands and no others.
@Command(
    name = "tidemark",
    subcommands = {ServeCommand.class, LogServerCommand.class})
final class TestMain {
  private TestMain() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new TestMain())
            .setParameterExceptionHandler(new ShortErrors())
            .execute(arguments));
  }
}
