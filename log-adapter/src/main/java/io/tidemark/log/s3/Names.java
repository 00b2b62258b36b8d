package io.tidemark.log.s3;

import java.util.OptionalLong;

/// The keys of a log's objects, relative to its root.
///
/// ```text
/// LOG                          the identity              put-if-absent, never changed
/// slots/<slot >> 12>/<slot>    one slot = one batch      put-if-absent, never reused
/// trim/<n>                     the n-th trim marker      put-if-absent, before anything is deleted
/// probe/<uuid>                 the store proves itself   deleted at once
/// ```
///
/// Numbers are in hexadecimal of fixed width, so that keys sort as numbers do.
final class Names {
  static final String IDENTITY = "LOG";
  static final String SLOTS = "slots/";
  static final String PROBES = "probe/";

  private Names() {}

  static String slot(long number) {
    return "%s%013x/%016x".formatted(SLOTS, number >>> 12, number);
  }

  static String marker(long number) {
    return "trim/%016x".formatted(number);
  }

  /// Which slot it is, or nothing for another object.
  static OptionalLong slotOf(String key) {
    int slash = key.lastIndexOf('/');
    try {
      long number = Long.parseLong(key, slash + 1, key.length(), 16);
      return key.equals(slot(number)) ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
