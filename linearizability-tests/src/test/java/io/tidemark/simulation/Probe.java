package io.tidemark.simulation;

/// Something that only happens when things go wrong in a certain way: that it did, often enough, is
/// what shows that the worlds go where they should.
enum Probe {
  /// A write was answered out of what its session remembers, because it stands in the log twice.
  REQUEST_TWICE_IN_LOG,
  /// An append whose replica was never told how it ended is in the log.
  UNKNOWN_APPEND_LANDED,
  /// An append whose replica was never told how it ended is not in the log.
  UNKNOWN_APPEND_LOST,
  /// A replica crashed in the midst of an append that is in the log.
  ORPHANED_APPEND_LANDED,
  /// An append was refused, or failed for certain.
  APPEND_NOT_MADE,
  /// An append of more than one record was acknowledged.
  BATCH_APPENDED,
  /// A write whose client gave up took effect.
  UNKNOWN_WRITE_TOOK_EFFECT,
  /// A write whose client gave up never took effect.
  UNKNOWN_WRITE_LOST,
  /// A condition did not hold.
  CONDITION_REFUSED,
  /// A read that may be behind was behind.
  LOCAL_READ_WAS_BEHIND,
  /// A replica went on from less than it had shown before, because it had not been written down.
  VIEW_WENT_BACK,
  /// A replica went on where it had been.
  VIEW_WENT_ON,
  /// A reader went on over another connection.
  READER_WENT_ON,
  /// The journal was opened again after a crash.
  JOURNAL_RECOVERED,
  /// The journal was opened again and a write of before the crash was torn.
  JOURNAL_RECOVERED_FROM_TORN_WRITE,
  /// An append was refused because of a fence.
  APPEND_FENCED,
  /// The owner of a fence wrote behind it.
  OWNER_WROTE,
  /// A trim moved the trim point.
  TRIMMED,
  /// A reader was told that what it asked for was trimmed.
  READER_TOLD_OF_TRIM,
  /// The journal had more than one segment.
  SEGMENTS_FOLLOWED,
  /// A request created an object in a store long after its caller had given up.
  ZOMBIE_CREATED_OBJECT,
  /// A request created an object, and its caller was told that there was one already.
  OWN_OBJECT_WAS_THERE,
  /// A request created an object, and its caller was never told.
  CREATED_OBJECT_UNANSWERED,
  /// A store said that another request for the same name is under way.
  CONFLICT_TOLD,
  /// A store asked for fewer requests.
  STORE_BUSY,
  /// An object that a store holds arrived damaged.
  BODY_DAMAGED,
  /// A process that writes went on from before the trim point, because it had stood still.
  RIVAL_SLEPT_THROUGH_TRIM,
  /// A checkpoint was complete.
  CHECKPOINT_MADE,
  /// A checkpoint names pieces of an earlier one.
  PIECES_SHARED,
  /// A checkpoint may be relied on from then on.
  CHECKPOINT_VERIFIED,
  /// A checkpoint that was begun was given up for a later one.
  CHECKPOINT_GIVEN_UP,
  /// A checkpoint may no longer be used.
  CHECKPOINT_DOOMED,
  /// Pieces that nobody uses were deleted.
  PIECES_DELETED,
  /// A mark came too late, because another had taken effect.
  MARK_REFUSED,
  /// A replica trimmed the log.
  TRIMMED_BY_REPLICA,
  /// A replica without a view installed a checkpoint.
  EMPTY_VIEW_INSTALLED,
  /// A replica that was behind installed a checkpoint when it started.
  HEALED_AT_THE_START,
  /// A replica that was behind installed a checkpoint while it ran.
  HEALED_WHILE_RUNNING,
  /// A replica crashed while it uploaded a checkpoint.
  CRASHED_UPLOADING,
  /// A replica crashed while it verified a checkpoint.
  CRASHED_VERIFYING,
  /// A replica crashed while it installed a checkpoint.
  CRASHED_INSTALLING,
  /// A replica crashed while it pruned checkpoints.
  CRASHED_PRUNING,
  /// A replica crashed while it trimmed the log.
  CRASHED_TRIMMING,
  /// A view was built from the store and compared with the log.
  VIEW_BUILT,
}
