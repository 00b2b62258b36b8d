package io.tidemark.server.command;

import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Answers wrong usage with one line that says what is wrong, the nearest name where one was
/// misspelt, and where help is.
public final class ShortErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    var errors = command.getErr();
    errors.println("tidemark: " + wrong.getMessage());
    UnmatchedArgumentException.printSuggestions(wrong, errors);
    errors.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    errors.flush();
    return ExitCode.USAGE;
  }
}
