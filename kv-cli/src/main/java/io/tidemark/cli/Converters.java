package io.tidemark.cli;

import io.tidemark.client.Consistency;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// From the words of the command line to what they mean.
final class Converters {
  private static final String AT_LEAST = "at-least:";

  private Converters() {}

  /// `500ms`, `5s`, `1m`.
  static final class Time implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m)");

    @Override
    public Duration convert(String text) {
      var parts = FORM.matcher(text);
      if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
        throw new TypeConversionException("'" + text + "' is not a time like 500ms, 5s or 1m");
      }
      long count = Long.parseLong(parts.group(1));
      return switch (parts.group(2)) {
        case "ms" -> Duration.ofMillis(count);
        case "s" -> Duration.ofSeconds(count);
        default -> Duration.ofMinutes(count);
      };
    }
  }

  /// `linearizable`, `local`, `at-least:REVISION`.
  static final class Level implements ITypeConverter<Consistency> {
    @Override
    public Consistency convert(String text) {
      if (text.equals("linearizable")) {
        return Consistency.linearizable();
      } else if (text.equals("local")) {
        return Consistency.local();
      } else if (text.startsWith(AT_LEAST)) {
        try {
          return Consistency.atLeast(Long.parseLong(text.substring(AT_LEAST.length())));
        } catch (IllegalArgumentException wrong) {
          throw new TypeConversionException("'" + text + "' has no revision like at-least:42");
        }
      }
      throw new TypeConversionException(
          "'" + text + "' is none of linearizable, local, at-least:REVISION");
    }
  }
}
