/// The embedded log: one directory of segment files, one process that has it open.
///
/// **Promises** that an acknowledged append survives the end of the process and of the machine, as
/// far as the disk keeps what it was told to keep; that a torn tail is cut and anything else that
/// is damaged is refused with its place. **Never** acknowledges before `fdatasync` returned, never
/// tries a failed one again, and never lets two processes into one directory.
///
/// Two threads: `kv-journal` ([Committer]) decides, writes and forces; `kv-journal-files`
/// ([Housekeeper]) makes the next segment and deletes old ones. Readers read in their own threads.
/// Time, randomness and threads come from outside ([JournalConfig]), the disk too ([Storage]).
///
/// Start reading at [JournalLog], then [Committer], [Frame] and [TailScan].
@NullMarked
package io.tidemark.log.journal;

import org.jspecify.annotations.NullMarked;
