package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import java.util.Optional;
import java.util.UUID;

/// What the small objects of a store say. [NoteCodec] draws how they are written.
sealed interface Note {
  /// Whose checkpoints these are.
  record Identity(UUID logId) implements Note {}

  /// A checkpoint is being made.
  ///
  /// @param base the checkpoint whose pieces it names instead of sending them again, 0 for none
  record Making(String maker, long base) implements Note {}

  /// A checkpoint is complete.
  record Complete(Manifest manifest) implements Note {}

  /// A checkpoint will never be complete.
  record Tombstone(String why) implements Note {}

  /// A checkpoint was opened and found right.
  record Verified(Verdict verdict) implements Note {}

  /// A checkpoint may no longer be used.
  record Doomed(String why) implements Note {}

  /// Somebody reads a checkpoint.
  ///
  /// @param sinceMillis by the reader's wall clock; nothing for a pin without end
  record Pinned(String who, Optional<Long> sinceMillis) implements Note {}

  /// Nothing below its position is a checkpoint any more, whatever is there.
  record Floor() implements Note {}

  /// The object.
  default Bytes encode() {
    return NoteCodec.encode(this);
  }
}
