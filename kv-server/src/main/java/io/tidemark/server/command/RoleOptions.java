package io.tidemark.server.command;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Which part of the work on checkpoints a replica does that also serves clients.
final class RoleOptions {
  @Option(
      names = "--checkpoint-make",
      paramLabel = "on|off",
      defaultValue = "on",
      converter = Switch.Converter.class,
      description =
          "Whether this replica makes checkpoints; off where a checkpointer does."
              + " Default: ${DEFAULT-VALUE}.")
  Switch make = Switch.ON;

  @Option(
      names = "--checkpoint-verify",
      paramLabel = "on|off",
      defaultValue = "on",
      converter = Switch.Converter.class,
      description =
          "Whether this replica fetches and opens what others made, to see that it is right."
              + " Default: ${DEFAULT-VALUE}.")
  Switch verify = Switch.ON;

  boolean makes() {
    return make == Switch.ON;
  }

  boolean verifies() {
    return verify == Switch.ON;
  }

  /// What a switch says; no boolean, which a command line takes for a flag without a value.
  enum Switch {
    /// Yes.
    ON,
    /// No.
    OFF;

    /// In lower case, as the user writes it.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Reads an option's value.
    static final class Converter implements ITypeConverter<Switch> {
      @Override
      public Switch convert(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
          case "on" -> ON;
          case "off" -> OFF;
          default -> throw new TypeConversionException("'" + value + "' is neither on nor off");
        };
      }
    }
  }
}
