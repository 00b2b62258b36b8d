/// A linearizability checker: give it a [Model] and a [History], it says whether the history could
/// have come from one copy of the model that answered one call at a time.
///
/// **Promises** that `Ok` and `Illegal` are proofs (an illegal verdict is confirmed by an exact
/// search on its counterexample), that equal input gives equal output, and that a check ends with
/// `Unknown` and a reason rather than without memory. **Never** guesses: what was not decided is
/// `Unknown`. It depends on the JDK alone. Values are immutable and may be shared; the
/// `HistoryRecorder` may be called by any thread; a `Monitor` belongs to one thread.
///
/// Start reading at `Linearizability`, then [Model] and [History].
@NullMarked
package io.tidemark.porcupine;

import org.jspecify.annotations.NullMarked;
