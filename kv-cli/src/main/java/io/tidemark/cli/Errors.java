package io.tidemark.cli;

import io.tidemark.client.TidemarkException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns what went wrong into one line and an exit code.
final class Errors {
  private Errors() {}

  static int wrongUsage(ParameterException wrong, String[] args) {
    PrintWriter err = wrong.getCommandLine().getErr();
    String verb = wrong.getCommandLine().getCommandSpec().qualifiedName();
    err.println("tidemark: " + oneLine(wrong.getMessage()) + " (see `" + verb + " --help`)");
    UnmatchedArgumentException.printSuggestions(wrong, err);
    err.flush();
    return ExitCode.USAGE;
  }

  static int codeOf(Exception failure) {
    return switch (failure) {
      case TidemarkException known -> ExitCode.of(known);
      case ClientCommand.Usage wrong -> ExitCode.USAGE;
      default -> ExitCode.FAILURE;
    };
  }

  /// What happened and what to do about it, in one line.
  static String describe(Exception failure) {
    return switch (failure) {
      case TidemarkException known -> oneLine(known.getMessage()) + "; " + ExitCode.advice(known);
      case NoSuchFileException missing -> "no such file: " + missing.getFile();
      case AccessDeniedException denied -> "no access to " + denied.getFile();
      case IOException io -> "reading or writing failed: " + oneLine(io.getMessage());
      case Failed failed -> oneLine(failed.getMessage());
      case ClientCommand.Usage wrong -> oneLine(wrong.getMessage());
      case InterruptedException interrupt -> "interrupted";
      default -> "a fault of this program, please report it: " + failure;
    };
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "no reason given" : text.replaceAll("\\s*\\R\\s*", " ");
  }

  /// What a command cannot do, in words that say what to do.
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }
  }
}
