package io.tidemark.server.operate;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A moment of log time, which counts milliseconds, as people write it: with a zone, or as
/// milliseconds since 1970.
///
/// @param millis since 1970
record Moment(long millis) {
  /// As people read it.
  static String text(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  @Override
  public String toString() {
    return text(millis);
  }

  /// Reads an option's value.
  static final class Converter implements ITypeConverter<Moment> {
    @Override
    public Moment convert(String value) {
      String text = value.strip();
      try {
        return new Moment(
            text.matches("\\d{1,18}")
                ? Long.parseLong(text)
                : ZonedDateTime.parse(text).toInstant().toEpochMilli());
      } catch (DateTimeException | ArithmeticException wrong) {
        throw new TypeConversionException(
            "'"
                + value
                + "' is no moment: write it with its zone, as in 2026-03-01T12:30:00Z or"
                + " 2026-03-01T13:30:00.250+01:00, or as milliseconds since 1970");
      }
    }
  }
}
