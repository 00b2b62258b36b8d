package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import java.util.Optional;

/// The materialized state of one replica, as far as it has applied the log.
///
/// Any thread may read; a reader sees a state between two commits of the state machine, never a
/// part of one. A view outlives its process, but may then have gone back to an earlier applied
/// position: the log is what is durable. Every method of a view, its snapshots and their cursors
/// may fail with a [ViewException].
public interface View extends AutoCloseable {
  /// Everything before this position is folded in, visible to every read that begins after it was
  /// returned.
  long applied();

  /// What the key holds, or nothing.
  Optional<KeyValue> get(Bytes key);

  /// The view as it is now.
  Snapshot snapshot();

  /// Makes what is applied outlive the process, and lets go of everything.
  @Override
  void close();
}
