package io.tidemark.replica;

import io.tidemark.log.LogCost;

/// What a replica's log costs it, as of one moment.
///
/// @param log every request since the log was opened
/// @param sinceStart what was spent since the replica was opened
/// @param lately what was spent since this was last asked for, or at least in the last minute
public record ReplicaCost(LogCost log, Spending sinceStart, Spending lately) {}
