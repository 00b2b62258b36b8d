/// Checkpoints: copies of a view at one position of the log, in a directory or a bucket.
///
/// **Promises** that what is listed is whole, that what is installed was checked byte by byte and
/// holds what its manifest says, and that nothing is deleted which somebody reads or builds on.
/// **Never** decides when a checkpoint is made or the log is trimmed: a replica does. **Takes**
/// clock, timers and chance from [Seams] and has no thread of its own: calls block the caller,
/// which can be interrupted, and are parallel by the futures of the object store. Replicas and the
/// command line use it. Start reading at [CheckpointStore]; the rules are in design record 5.
@NullMarked
package io.tidemark.checkpoint;

import org.jspecify.annotations.NullMarked;
