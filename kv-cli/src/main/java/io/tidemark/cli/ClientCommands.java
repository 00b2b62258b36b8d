package io.tidemark.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/// The client verbs, for whoever puts the command together:
///
/// ```java
/// var line = new CommandLine(new Root());
/// ClientCommands.addTo(line, args, Streams.ofProcess());
/// System.exit(line.execute(args));
/// ```
public final class ClientCommands {
  private ClientCommands() {}

  /// Every verb and what makes its command. A class is loaded only when its command is made.
  public static Map<String, Supplier<Object>> all(Streams streams) {
    var verbs = new LinkedHashMap<String, Supplier<Object>>();
    verbs.put("put", () -> new PutCommand(streams));
    verbs.put("get", () -> new GetCommand(streams));
    verbs.put("del", () -> new DelCommand(streams));
    verbs.put("scan", () -> new ScanCommand(streams));
    verbs.put("txn", () -> new TxnCommand(streams));
    verbs.put("import", () -> new ImportCommand(streams));
    verbs.put("export", () -> new ExportCommand(streams));
    verbs.put("status", () -> new StatusCommand(streams));
    verbs.put("bench", () -> new BenchCommand(streams));
    verbs.put("verify", () -> new VerifyCommand(streams));
    verbs.put("version", () -> new VersionCommand(streams));
    return verbs;
  }

  /// Adds the verb that `args` asks for; all of them where it asks for none, so that help and
  /// suggestions know them. From then on `root` and whatever commands it has write to `streams`,
  /// and answer a wrong command line with one line and [ExitCode#USAGE].
  public static void addTo(CommandLine root, String[] args, Streams streams) {
    var verbs = all(streams);
    Supplier<Object> asked = args.length == 0 ? null : verbs.get(args[0]);
    if (asked != null) {
      root.addSubcommand(args[0], asked.get());
    } else {
      verbs.forEach((name, maker) -> root.addSubcommand(name, maker.get()));
    }
    root.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8));
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setParameterExceptionHandler(Errors::wrongUsage);
  }
}
