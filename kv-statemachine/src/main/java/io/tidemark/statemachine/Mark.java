package io.tidemark.statemachine;

/// A [Command.Mark] that took effect.
///
/// @param revision the position of its record
/// @param logTimeMillis the log's time there, in milliseconds since 1970
/// @param logBytes the bytes of all records up to and with it, as [Progress#logBytes] counts them
public record Mark(long revision, long logTimeMillis, long logBytes) {
  /// Where it stands as a boundary, between its record and the next: what is compared at this mark
  /// has applied everything before this position.
  public long position() {
    return revision + 1;
  }
}
