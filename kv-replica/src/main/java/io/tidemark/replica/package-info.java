/// The replica: where the log meets the state; a database to embed.
///
/// **Promises** that a write is acknowledged only when it is durable and visible here, that a
/// strong read sees everything acknowledged anywhere before it began, that a failure never hides a
/// write that may take effect, and that everything which waits is bounded and has an end. **Never**
/// answers from a view it is not sure of: it stops instead.
///
/// **The write path.** [Replica#write] holds the command to the [Limits], gives it a place and an
/// ordinal in the `WriteTable`, encodes it as a proposal on the caller's thread, and leaves it with
/// the `Appender`, which puts what is waiting into one append as long as few enough are in flight.
/// The log acknowledges; nobody is told. The `Applier` reads the record back from the log, as every
/// replica does, folds it, commits, and only then takes the write from the table by its proposer
/// and ordinal and answers it. An append that failed for certain fails its writes at once; one that
/// may have happened leaves them waiting, since their records may still come by.
///
/// **The read path.** A strong read boards the `TailChecker`, which proves a tail by something sent
/// after the read began: a tail check, or an append of this replica. The read then waits in
/// `AppliedWaiters` until the view is caught up, and reads it. [ReadConsistency.AtLeast] goes
/// straight to the wait, [ReadConsistency.Local] straight to the view.
///
/// **Checkpoints.** With a [CheckpointConfig] the replica takes part in them. The `Applier` commits
/// exactly at every mark of the log and leaves a snapshot to the `Checkpointer`, which has a thread
/// of its own and does everything else: `DueRule` says when to append a mark, `Maker` uploads,
/// `Comparison` and `Verifier` hold what others made against what this replica had, `Trimmer` trims
/// and prunes after the `TrimPlan`. The `Healer` puts a checkpoint in the place of the view, on
/// `kv-apply`; `CurrentView` is how everybody else gets the one of the moment.
///
/// **Threads.** `kv-apply` runs the `Applier`, and nothing else touches the state machine. The
/// `Appender` and the `TailChecker` are agents without threads: whoever brings work to an idle one,
/// a caller or the log with an answer, does it, and none of it blocks. `kv-checkpoint` runs the
/// `Checkpointer`, if there is one. `kv-timer` sweeps over what waits, while anything does. The
/// executor (`kv-read-N`) completes futures and reads the view for whoever had to wait; a read that
/// waits for nothing, in the log or on the disk, is done on its caller's thread.
///
/// **Who may use it**: embedders, and the servers of the protocols. Start reading at [Replica],
/// then `Assembly`, which shows how the parts hang together.
@NullMarked
package io.tidemark.replica;

import org.jspecify.annotations.NullMarked;
