package io.tidemark.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Finds the settings file of a command before its options are read, and makes a [SettingsProvider]
/// of it and the environment. A command that has an option `--config` names this class as its
/// preprocessor.
public final class SettingsReader implements IParameterPreprocessor {
  private static final String CONFIG = "--config";

  private final Map<String, String> environment;

  /// With the environment of the process.
  public SettingsReader() {
    this(System.getenv());
  }

  /// With this environment.
  public SettingsReader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  // The arguments still to be read stand in the stack with the next one on top; all stay there.
  @SuppressWarnings("JdkObsolete") // The interface asks for a Stack.
  @Override
  public boolean preprocess(
      Stack<String> arguments,
      CommandSpec command,
      @Nullable ArgSpec argument,
      Map<String, Object> info) {
    command.defaultValueProvider(
        new SettingsProvider(environment, fileSettings(arguments, command)));
    warnOfUnknownVariables(command);
    return false;
  }

  @SuppressWarnings("JdkObsolete") // As above.
  private Map<String, String> fileSettings(Stack<String> arguments, CommandSpec command) {
    Optional<String> file = configArgument(arguments);
    if (file.isEmpty()) {
      file = Optional.ofNullable(environment.get(SettingsProvider.environmentName("config")));
    }
    return file.map(name -> readFile(name, command)).orElse(Map.of());
  }

  @SuppressWarnings("JdkObsolete") // As above.
  private static Optional<String> configArgument(Stack<String> arguments) {
    for (int i = arguments.size() - 1; i >= 0; i--) {
      String argument = arguments.get(i);
      if (argument.equals(CONFIG) && i > 0) {
        return Optional.of(arguments.get(i - 1));
      }
      if (argument.startsWith(CONFIG + "=")) {
        return Optional.of(argument.substring(CONFIG.length() + 1));
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> readFile(String name, CommandSpec command) {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(Path.of(name), StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException unreadable) {
      throw wrong(command, "cannot read the settings file " + name + ": " + unreadable);
    }
    Set<String> known = SettingsProvider.settingsOf(command).keySet();
    var settings = new TreeMap<String, String>();
    for (String key : properties.stringPropertyNames()) {
      if (!known.contains(key)) {
        throw wrong(
            command,
            "the settings file "
                + name
                + " has an unknown setting '"
                + key
                + "'"
                + Nearest.to(key, known).map(near -> "; did you mean '" + near + "'?").orElse(""));
      }
      settings.put(key, properties.getProperty(key).strip());
    }
    return settings;
  }

  private void warnOfUnknownVariables(CommandSpec command) {
    var known = new TreeSet<String>();
    addVariables(command.root(), known);
    for (String variable : new TreeSet<>(environment.keySet())) {
      if (variable.startsWith(SettingsProvider.ENVIRONMENT_PREFIX) && !known.contains(variable)) {
        command
            .commandLine()
            .getErr()
            .println(
                "warning: the environment has an unknown setting "
                    + variable
                    + Nearest.to(variable, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(""));
      }
    }
  }

  private static void addVariables(CommandSpec command, Set<String> variables) {
    for (String setting : SettingsProvider.settingsOf(command).keySet()) {
      variables.add(SettingsProvider.environmentName(setting));
    }
    for (var sub : command.subcommands().values()) {
      addVariables(sub.getCommandSpec(), variables);
    }
  }

  private static ParameterException wrong(CommandSpec command, String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
