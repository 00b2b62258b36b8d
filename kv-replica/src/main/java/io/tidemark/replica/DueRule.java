package io.tidemark.replica;

import io.tidemark.statemachine.Mark;

/// Decides when a checkpoint is due: by the bytes of log since the last mark, which all replicas
/// count alike, or by its age.
final class DueRule {
  private final CheckpointConfig config;
  private final Uptime uptime;
  private final long begunNanos;

  /// Before the first mark the age counts from now on.
  DueRule(CheckpointConfig config, Uptime uptime) {
    this.config = config;
    this.uptime = uptime;
    this.begunNanos = uptime.nanos();
  }

  /// @param wallMillis now, by this replica's clock
  boolean isDue(Folded.At at, long wallMillis) {
    long bytes = at.bytesSinceMark();
    return bytes >= config.everyBytes() || (bytes > 0 && isOld(at, wallMillis));
  }

  private boolean isOld(Folded.At at, long wallMillis) {
    long millis =
        at.lastMark()
            .map(Mark::logTimeMillis)
            .map(marked -> wallMillis - marked)
            .orElse((uptime.nanos() - begunNanos) / 1_000_000);
    return millis >= config.everyAge().toMillis();
  }
}
