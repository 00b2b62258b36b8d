/// The object-storage stream: a log that any number of writers share through one bucket, with no
/// coordinator.
///
/// **Promises** the log's whole contract on nothing but put-if-absent of immutable objects that are
/// never reused, and reads that see every finished write. **Never** holds a lease, elects anybody,
/// changes an object, or lists for the tail. All that touches the network stands behind
/// [ObjectStore].
///
/// Everything that is asked of the store goes through a [Meter], which knows what it costs; a
/// [Governor] keeps that to a budget, if there is one, by making wait what can wait.
///
/// What the log knows lives in one mailbox ([Mailbox]), which has no thread of its own; readers
/// read in theirs. Time, chance and identity come from outside ([SlotLogConfig.Seams]).
///
/// Start reading at [SlotLog], then [Slot], [SlotWriter], [SlotTail] and [TrimChain].
@NullMarked
package io.tidemark.log.s3;

import org.jspecify.annotations.NullMarked;
