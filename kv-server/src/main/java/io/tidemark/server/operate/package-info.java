/// Verbs for operators that work on a log and on checkpoints without a server: `checkpoint`,
/// `restore` and `fork`.
///
/// **Promises** that nothing that is there is overwritten, that what is left half done says so and
/// can be begun again, and one clear line for whatever can go wrong. **Never** decides what a
/// checkpoint is: that is `io.tidemark.checkpoint`'s. One thread runs a verb: the main one. The
/// `tidemark` command puts them beside its other verbs. Start reading at [OperatorCommand], then
/// [RestoreCommand].
@NullMarked
package io.tidemark.server.operate;

import org.jspecify.annotations.NullMarked;
