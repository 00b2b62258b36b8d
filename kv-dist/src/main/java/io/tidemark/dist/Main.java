package io.tidemark.dist;

import io.tidemark.cli.ClientCommands;
import io.tidemark.cli.Streams;
import io.tidemark.server.command.CheckpointerCommand;
import io.tidemark.server.command.LogServerCommand;
import io.tidemark.server.command.ServeCommand;
import io.tidemark.server.command.ShortErrors;
import io.tidemark.server.operate.CheckpointCommand;
import io.tidemark.server.operate.ForkCommand;
import io.tidemark.server.operate.RestoreCommand;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The `tidemark` command. The process ends with the exit code of its verb.
@Command(
    name = "tidemark",
    description = "A multi-primary key-value database on a shared log.",
    synopsisSubcommandLabel = "VERB",
    usageHelpAutoWidth = true,
    footerHeading = "%n",
    footer = {
      "tidemark serve starts a database; tidemark VERB --help explains a verb.",
      "",
      "Exit codes: 0 ok, 1 failure, 2 usage, 3 not found, 4 condition failed,",
      "5 outcome unknown, 6 unavailable, 7 verification proves nothing."
    })
public final class Main implements Runnable {
  private static final SequencedMap<String, Supplier<Object>> SERVER_VERBS = serverVerbs();

  @Spec CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean helpRequested;

  @SuppressWarnings("NullAway.Init") // The command line sets the spec.
  private Main() {}

  /// Runs the verb that the arguments begin with.
  public static void main(String[] args) {
    System.exit(commandLine(args).execute(args));
  }

  /// The command with the verb that is asked for, so that no other is loaded; with all of them
  /// where it is none.
  static CommandLine commandLine(String[] args) {
    var line = new CommandLine(new Main());
    line.setParameterExceptionHandler(new ShortErrors());
    String verb = args.length == 0 ? "" : args[0];
    boolean isServerVerb = SERVER_VERBS.containsKey(verb);
    boolean isClientVerb = ClientCommands.all(Streams.ofProcess()).containsKey(verb);
    SERVER_VERBS.forEach((name, maker) -> {
      if (name.equals(verb) || (!isServerVerb && !isClientVerb)) {
        line.addSubcommand(
            name,
            new CommandLine(maker.get())
                .setParameterExceptionHandler(new ShortErrors())
                .setCaseInsensitiveEnumValuesAllowed(true));
      }
    });
    if (!isServerVerb) {
      ClientCommands.addTo(line, args, Streams.ofProcess());
    }
    return line;
  }

  private static SequencedMap<String, Supplier<Object>> serverVerbs() {
    var verbs = new LinkedHashMap<String, Supplier<Object>>();
    verbs.put("serve", ServeCommand::new);
    verbs.put("log-server", LogServerCommand::new);
    verbs.put("checkpointer", CheckpointerCommand::new);
    verbs.put("checkpoint", CheckpointCommand::new);
    verbs.put("restore", RestoreCommand::new);
    verbs.put("fork", ForkCommand::new);
    verbs.put("dev", DevCommand::new);
    return verbs;
  }

  /// No verb was given.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a verb is needed");
  }
}
