package io.tidemark.replica;

import java.util.Optional;
import java.util.OptionalLong;

/// How a replica takes part in checkpoints, as of one moment.
///
/// @param doing what it is doing about them now, with progress, for people; empty while it does
///   nothing
/// @param last the newest complete checkpoint that it knows of
/// @param verified the position of the newest checkpoint that may be relied on, as far as it knows
/// @param trimPoint where the log began when it was last told
/// @param logBytesSinceMark bytes of records applied since the last mark
/// @param made checkpoints made since the start
/// @param verifiedHere checkpoints found right since the start
/// @param installed checkpoints installed since the start
/// @param failures attempts that failed since the start, and were or will be made again
/// @param lastFailure the last of these, for people; empty if the same has succeeded since
public record CheckpointStatus(
    String doing,
    Optional<Last> last,
    OptionalLong verified,
    OptionalLong trimPoint,
    long logBytesSinceMark,
    long made,
    long verifiedHere,
    long installed,
    long failures,
    String lastFailure) {

  /// A complete checkpoint.
  ///
  /// @param position where it is in the log
  /// @param logTimeMillis the log's time there, in milliseconds since 1970
  /// @param bytes of all its files
  /// @param newBytes of those, what was uploaded for it
  public record Last(long position, long logTimeMillis, long bytes, long newBytes) {}
}
