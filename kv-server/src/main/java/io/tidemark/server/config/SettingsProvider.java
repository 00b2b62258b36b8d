package io.tidemark.server.config;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Gives an option that is not on the command line its value: from the environment, else from the
/// settings file; where both are silent the option's own default stands.
///
/// ```text
///   option              environment                 file
///   --request-timeout   TIDEMARK_REQUEST_TIMEOUT    request-timeout=5s
/// ```
public final class SettingsProvider implements IDefaultValueProvider {
  /// What every variable of the environment that is a setting begins with.
  public static final String ENVIRONMENT_PREFIX = "TIDEMARK_";

  private final Map<String, String> environment;
  private final Map<String, String> file;

  /// Takes settings from these two.
  ///
  /// @param environment the process's, by name
  /// @param file what the settings file holds, by setting; empty without a file
  public SettingsProvider(Map<String, String> environment, Map<String, String> file) {
    this.environment = Map.copyOf(environment);
    this.file = Map.copyOf(file);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || !isSetting(option)) {
      return null;
    }
    String name = settingName(option);
    String fromEnvironment = environment.get(environmentName(name));
    return fromEnvironment != null ? fromEnvironment : file.get(name);
  }

  /// The option's name in a settings file: its long name without the dashes.
  public static String settingName(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  /// The setting's name in the environment.
  public static String environmentName(String setting) {
    return ENVIRONMENT_PREFIX + setting.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /// Whether the option is a setting, and no request for help.
  public static boolean isSetting(OptionSpec option) {
    return !option.usageHelp() && !option.versionHelp();
  }

  /// The settings of a command, by name.
  static Map<String, OptionSpec> settingsOf(CommandSpec command) {
    var settings = new TreeMap<String, OptionSpec>();
    for (OptionSpec option : command.options()) {
      if (isSetting(option)) {
        settings.put(settingName(option), option);
      }
    }
    return settings;
  }
}
