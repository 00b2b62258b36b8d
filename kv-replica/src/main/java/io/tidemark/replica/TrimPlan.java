package io.tidemark.replica;

import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.Retention;
import java.util.List;
import java.util.OptionalLong;

/// Decides what of the log nobody needs any more.
///
/// The log is trimmed to the place of a verified checkpoint and nowhere else: the newest one that
///
/// - is not the newest of all: should that one be lost, the log goes on from the one before;
/// - is not later than the begin of the window, so that every revision of the window can be had;
/// - leaves [CheckpointConfig#retainBytes] of records before the tail.
final class TrimPlan {
  /// So many verified checkpoints are kept at least.
  private static final int VERIFIED_MIN = 2;

  private TrimPlan() {}

  /// Where the log may begin; nothing while all of it is needed.
  ///
  /// @param verified the verified checkpoints, the oldest first
  static OptionalLong trimPoint(List<Checkpoint> verified, Folded.At now, CheckpointConfig config) {
    OptionalLong point = OptionalLong.empty();
    OptionalLong windowBegin = windowBegin(now, config);
    for (Checkpoint one : verified.subList(0, Math.max(0, verified.size() - 1))) {
      var facts = one.manifest().facts();
      boolean isBeforeWindow =
          windowBegin.isEmpty() || facts.logTimeMillis() <= windowBegin.getAsLong();
      if (isBeforeWindow && isRetained(one, now, config)) {
        point = OptionalLong.of(one.position());
      }
    }
    return point;
  }

  /// Which checkpoints are kept: those that are too new for the log to be trimmed to them, and the
  /// newest one that is not. Without it nothing would ever be trimmed where more of the log is
  /// retained than there is between two checkpoints.
  ///
  /// @param verified the verified checkpoints, the oldest first
  static Retention retention(List<Checkpoint> verified, Folded.At now, CheckpointConfig config) {
    long tooNew = verified.stream().filter(one -> !isRetained(one, now, config)).count();
    return new Retention(
        Math.max(VERIFIED_MIN, Math.toIntExact(tooNew + 1)), windowBegin(now, config));
  }

  /// Whether enough of the log stays if it is trimmed to this one.
  private static boolean isRetained(Checkpoint one, Folded.At now, CheckpointConfig config) {
    return now.logBytes() - one.manifest().facts().logBytes() >= config.retainBytes();
  }

  private static OptionalLong windowBegin(Folded.At now, CheckpointConfig config) {
    return config.window().isZero()
        ? OptionalLong.empty()
        : OptionalLong.of(now.logTimeMillis() - config.window().toMillis());
  }
}
