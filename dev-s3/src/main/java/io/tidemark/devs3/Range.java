package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// A part of a body.
///
/// @param from the first byte
/// @param to behind the last byte
/// @param length of the whole
record Range(int from, int to, int length) {
  private static final Pattern SHAPE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /// Reads a `Range` header; what cannot be read means the whole, as HTTP has it.
  static Optional<Range> of(Optional<String> header, int length) {
    var matcher = SHAPE.matcher(header.orElse(""));
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return Optional.empty();
    }
    long from;
    long last = length - 1L;
    if (matcher.group(1).isEmpty()) {
      long suffix = Long.parseLong(matcher.group(2));
      from = suffix == 0 ? length : Math.max(0, length - suffix);
    } else {
      from = Long.parseLong(matcher.group(1));
      if (!matcher.group(2).isEmpty()) {
        long asked = Long.parseLong(matcher.group(2));
        if (asked < from) {
          return Optional.empty();
        }
        last = Math.min(last, asked);
      }
    }
    if (from >= length) {
      throw new S3Exception(S3Error.INVALID_RANGE);
    }
    return Optional.of(new Range((int) from, (int) last + 1, length));
  }

  /// The part of this body.
  Bytes of(Bytes body) {
    return Bytes.wrap(Arrays.copyOfRange(body.unsafeArray(), from, to));
  }

  /// What `Content-Range` says.
  String header() {
    return "bytes " + from + "-" + (to - 1) + "/" + length;
  }
}
