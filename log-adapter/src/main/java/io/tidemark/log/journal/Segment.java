package io.tidemark.log.journal;

/// A segment file of the journal.
///
/// @param header its first block
/// @param stamp the checksum of that block
/// @param index places in it
record Segment(SegmentHeader header, int stamp, SparseIndex index) {
  /// The position of its first record.
  long base() {
    return header.base();
  }

  /// How long it was made.
  int bytes() {
    return header.segmentBytes();
  }

  /// The name of its file.
  String name() {
    return header.fileName();
  }
}
