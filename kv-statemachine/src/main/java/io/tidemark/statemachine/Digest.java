package io.tidemark.statemachine;

import java.util.HexFormat;

/// What all that a view holds comes to: the sum, modulo 2^128, of a 128-bit hash of each row. Equal
/// content has equal digests, in whatever order it was written; that unequal content has them by
/// accident has a chance of 2^-128. It is no proof against somebody who wants it so.
///
/// @param high the upper 64 bits
/// @param low the lower 64 bits
public record Digest(long high, long low) {
  /// Of no rows at all.
  public static final Digest ZERO = new Digest(0, 0);

  private static final int TEXT_LENGTH = 32;

  /// The digest of both together.
  public Digest plus(Digest other) {
    long sum = low + other.low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new Digest(high + other.high + carry, sum);
  }

  /// Understands what [#toString] wrote.
  ///
  /// @throws IllegalArgumentException if it is something else
  public static Digest parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      throw new IllegalArgumentException("a digest is 32 hexadecimal digits, not " + text);
    }
    return new Digest(
        HexFormat.fromHexDigitsToLong(text, 0, TEXT_LENGTH / 2),
        HexFormat.fromHexDigitsToLong(text, TEXT_LENGTH / 2, TEXT_LENGTH));
  }

  /// 32 hexadecimal digits.
  @Override
  public String toString() {
    var hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
