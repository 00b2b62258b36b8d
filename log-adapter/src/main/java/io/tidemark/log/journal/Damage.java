package io.tidemark.log.journal;

import io.tidemark.log.LogException;

/// The words for what is damaged.
final class Damage {
  private Damage() {}

  /// Something in a segment is not what was written.
  ///
  /// @param journal the journal's directory
  /// @param offset where in the file, in bytes
  /// @param position the position that should be found there
  static LogException.Corrupt corrupt(
      String journal, String file, long offset, long position, String what) {
    return new LogException.Corrupt(
        ("%s/%s is damaged at offset %d, position %d: %s. Nothing was changed. Put back a copy of"
                + " the file; without one, the records from this position on are lost here, and the"
                + " journal can only be moved away and begun anew")
            .formatted(journal, file, offset, position, what));
  }
}
