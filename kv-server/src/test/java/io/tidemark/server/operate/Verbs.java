package io.tidemark.server.operate;

import io.tidemark.server.command.ShortErrors;
import io.tidemark.server.config.SettingsReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Runs the operators' verbs as a shell would.
final class Verbs {
  @Command(name = "tidemark")
  private static final class Root {}

  private Verbs() {}

  /// What a verb left behind.
  record Ran(int code, String out, String err) {}

  static Ran run(Object... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    var line = line();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] args = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      args[i] = words[i].toString();
    }
    return new Ran(line.execute(args), out.toString(), err.toString());
  }

  static CommandLine line() {
    var line =
        new CommandLine(new Root())
            .addSubcommand("checkpoint", new CheckpointCommand())
            .addSubcommand("restore", new RestoreCommand())
            .addSubcommand("fork", new ForkCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(new ShortErrors());
    withoutEnvironment(line);
    return line;
  }

  private static void withoutEnvironment(CommandLine line) {
    if (line.getCommandSpec().preprocessor() instanceof SettingsReader) {
      line.getCommandSpec().preprocessor(new SettingsReader(Map.of()));
    }
    line.getSubcommands().values().forEach(Verbs::withoutEnvironment);
  }
}
