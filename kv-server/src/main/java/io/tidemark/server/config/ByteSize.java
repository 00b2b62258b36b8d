package io.tidemark.server.config;

import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A number of bytes as people write it: `64MiB`.
///
/// @param bytes how many
public record ByteSize(long bytes) {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,18})\\s*(b|kib|mib|gib|tib)?");

  /// Reads digits and one of the units B, KiB, MiB, GiB, TiB (any case; none means bytes).
  ///
  /// @throws IllegalArgumentException saying what is accepted, if it is none of that or beyond a
  ///   signed 64-bit number
  public static ByteSize parse(String text) {
    var matcher = SHAPE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no size: write digits and B, KiB, MiB, GiB or TiB, as in 64MiB");
    }
    String unit = matcher.group(2) == null ? "b" : matcher.group(2);
    int shift =
        switch (unit.charAt(0)) {
          case 'k' -> 10;
          case 'm' -> 20;
          case 'g' -> 30;
          case 't' -> 40;
          default -> 0;
        };
    long number = Long.parseLong(matcher.group(1));
    if (number > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException("'" + text + "' is larger than any size can be");
    }
    return new ByteSize(number << shift);
  }

  /// In the largest unit that divides it, so that it reads back as the same size.
  @Override
  public String toString() {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    long number = bytes;
    int unit = 0;
    while (number != 0 && number % 1024 == 0 && unit < units.length - 1) {
      number /= 1024;
      unit++;
    }
    return number + units[unit];
  }

  /// Reads an option's value.
  public static final class Converter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String value) {
      try {
        return parse(value);
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    }
  }
}
