package io.tidemark.statemachine;

/// How far a log was folded.
///
/// @param applied everything before this position is folded in
/// @param logTimeMillis the log's time there, in milliseconds since 1970; zero before the first
///   record
/// @param logBytes the bytes of all records folded in since the log's beginning, and where the log
///   was restored those of the log that it was restored from
public record Progress(long applied, long logTimeMillis, long logBytes) {
  /// Of a view that holds nothing.
  static final Progress NONE = new Progress(1, 0, 0);
}
