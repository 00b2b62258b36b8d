package io.tidemark.checkpoint;

import java.util.OptionalLong;
import java.util.UUID;

/// The names of objects. Positions are 16 hexadecimal digits, so that names are in their order.
final class Names {
  static final String IDENTITY = "CHECKPOINTS";
  static final String MAKING = "making/";
  static final String PIECES = "pieces/";
  static final String CHECKPOINTS = "checkpoints/";
  static final String VERDICTS = "verdicts/";
  static final String DOOMED = "doomed/";
  static final String PINS = "pins/";
  static final String FLOORS = "floors/";

  private static final int POSITION_DIGITS = 16;

  private Names() {}

  static String at(String folder, long position) {
    return folder + "%016x".formatted(position);
  }

  static String piece(Manifest.Piece piece) {
    return at(PIECES, piece.position()) + "/" + piece.hash();
  }

  static String pin(long position, UUID id) {
    return at(PINS, position) + "/" + id;
  }

  /// The position in a name of this folder, or nothing for an object that is not ours.
  static OptionalLong positionOf(String folder, String key) {
    int begin = folder.length();
    int end = begin + POSITION_DIGITS;
    if (!key.startsWith(folder)
        || key.length() < end
        || (key.length() > end && key.charAt(end) != '/')) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(key, begin, end, 16));
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
