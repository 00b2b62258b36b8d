/// Commands, their results, and the state machine that folds the log's records into a view.
///
/// **Promises** that the same records give the same view and the same answers on every replica, in
/// every process, for ever. **Never** knows a clock, randomness, threads or a network: time and ids
/// come in with the record. One thread calls the state machine; any thread may read a view.
/// Replicas use it. Start reading at [Command].
@NullMarked
package io.tidemark.statemachine;

import org.jspecify.annotations.NullMarked;
